// Frames, SMPTE timecode and seconds. Pure. Source: SMPTE ST 12-1, drop-frame counting.

export interface Rate {
  num: number;
  den: number;
}

export const fpsOf = (rate: Rate): number => rate.num / rate.den;

/** Seconds to seek to so that frame `n` is shown: its middle, never its edge. */
export const seekSecs = (frame: number, rate: Rate): number => ((frame + 0.5) * rate.den) / rate.num;

/** The frame that is on screen when its presentation time is `secs`. */
export const frameAt = (secs: number, rate: Rate): number =>
  Math.max(0, Math.floor((secs * rate.num) / rate.den + 0.01));

const nominal = (rate: Rate): number => Math.round(fpsOf(rate));

/** 30000/1001 and 60000/1001 drop numbers; 24000/1001 does not. */
export const isDrop = (rate: Rate): boolean =>
  rate.den === 1001 && nominal(rate) % 30 === 0;

/** Frame numbers skipped at each minute not divisible by ten: 2 at 29.97, 4 at 59.94. */
const dropped = (rate: Rate): number => (isDrop(rate) ? nominal(rate) / 15 : 0);

const two = (value: number): string => String(value).padStart(2, "0");

export function timecode(frame: number, rate: Rate): string {
  const base = nominal(rate);
  const skip = dropped(rate);
  let count = frame;
  if (skip) {
    const perTen = base * 600 - skip * 9;
    const perMinute = base * 60 - skip;
    const tens = Math.floor(frame / perTen);
    const rest = frame % perTen;
    count += skip * 9 * tens;
    if (rest >= base * 60) count += skip * (1 + Math.floor((rest - base * 60) / perMinute));
  }
  const secs = Math.floor(count / base);
  const mark = skip ? ";" : ":";
  return `${two(Math.floor(secs / 3600))}:${two(Math.floor(secs / 60) % 60)}:${two(secs % 60)}${mark}${
    two(count % base)}`;
}

function fromTimecode(parts: number[], rate: Rate): number | null {
  const base = nominal(rate);
  const skip = dropped(rate);
  const [hours = 0, minutes = 0, secs = 0, frames = 0] = parts;
  if (minutes > 59 || secs > 59 || frames >= base) return null;
  const total = hours * 60 + minutes;
  if (skip && secs === 0 && frames < skip && minutes % 10 !== 0) return null;
  const count = (total * 60 + secs) * base + frames;
  return count - skip * (total - Math.floor(total / 10));
}

/** `120` is a frame, `00:00:05:12` a timecode, `5.25s` or `5.25` seconds; null = none of these. */
export function parsePosition(text: string, rate: Rate): number | null {
  const plain = text.trim().replaceAll("：", ":").replaceAll("；", ";");
  if (/^\d{1,9}$/.test(plain)) return Number(plain);
  const seconds = /^(\d{1,7}(?:\.\d+)?)\s*(?:s|秒)?$/.exec(plain);
  if (seconds) return frameAt(Number(seconds[1]), rate);
  const code = /^(\d{1,2}):(\d{1,2}):(\d{1,2})[:;.](\d{1,3})$/.exec(plain);
  return code ? fromTimecode(code.slice(1).map(Number), rate) : null;
}
