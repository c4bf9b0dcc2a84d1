// The review player of a master: exact frames, typed positions, keys, subtitles, proxy or HLS.

import {
  useCallback, useEffect, useMemo, useRef, useState, type RefObject,
} from "react";
import type { Master } from "../api.gen.ts";
import { fileUrl, hlsUrl } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Button, Note } from "../ui/basics.tsx";
import { readUrlParam, writeUrlParam } from "../url.ts";
import { attachHls } from "./hls.ts";
import { useKeys } from "./keys.ts";
import { KeyHelp, Position } from "./parts.tsx";
import { useVideo } from "./use-video.ts";

const speeds = [1, 2, 4];
const faster = (now: number, sign: number): number => {
  const at = speeds.indexOf(Math.abs(now));
  return sign * (Math.sign(now) === sign ? speeds[Math.min(at + 1, speeds.length - 1)] ?? 1 : 1);
};

export function FramePlayer({ master }: { master: Master }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const rate = useMemo(
    () => ({ num: master.proxy_rate_num, den: master.proxy_rate_den }),
    [master.proxy_rate_num, master.proxy_rate_den],
  );
  const last = Math.max(0, master.proxy_frames - 1);
  const [source, setSource] = useState<"proxy" | "hls">("proxy");
  const transport = useVideo(video, rate, last, source);
  const { frame, playing, speed, seek, step, toggle, pause, shuttle } = transport;
  const [captions, setCaptions] = useState(-1);
  const [muted, setMuted] = useState(false);
  const [range, setRange] = useState<[number | null, number | null]>([null, null]);
  const [looping, setLooping] = useState(false);
  const [help, setHelp] = useState(false);
  const failed = useSource(video, master, source);

  useStartFrame(video, seek, source);
  useEffect(() => {
    if (playing) return;
    const timer = window.setTimeout(() => writeUrlParam("f", frame ? String(frame) : null), 300);
    return () => window.clearTimeout(timer);
  }, [frame, playing]);
  useEffect(() => {
    const from = range[0] ?? 0;
    const to = range[1] ?? last;
    if (playing && looping && frame >= to) seek(from);
  }, [frame, playing, looping, range, last, seek]);
  useCaptions(video, captions);

  const nextCaption = useCallback(() => {
    setCaptions((now) => (now + 1 >= master.subtitles.length ? -1 : now + 1));
  }, [master.subtitles.length]);
  const full = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void box.current?.requestFullscreen?.();
  };
  const mute = () => {
    if (video.current) video.current.muted = !muted;
    setMuted(!muted);
  };
  const markIn = () => setRange(([, to]) => [frame, to !== null && to <= frame ? null : to]);
  const markOut = () => setRange(([from]) => [from !== null && from >= frame ? null : from, frame]);
  useKeys(box, {
    Space: toggle, k: pause, l: () => shuttle(faster(playing ? speed : 0, 1)),
    j: () => shuttle(faster(playing ? speed : 0, -1)),
    ArrowLeft: () => step(-1), ArrowRight: () => step(1),
    "Shift+ArrowLeft": () => step(-10), "Shift+ArrowRight": () => step(10),
    Home: () => seek(0), End: () => seek(last), i: markIn, o: markOut,
    m: mute, f: full, c: nextCaption, "?": () => setHelp(true),
  });

  return (
    <div className="player" ref={box} data-testid="master-player" data-frame={frame}
      data-playing={playing} data-source={source} data-last={last}>
      <div className="screen" onClick={toggle}>
        <video ref={video} playsInline preload="auto" tabIndex={-1} aria-label={master.name}
          poster={fileUrl(master.poster_blob, "poster.jpg")}>
          {master.subtitles.map((track) => (
            <track key={`${source}-${track.language}`} kind="subtitles" srcLang={track.language}
              label={track.language} src={fileUrl(track.blob, `${track.language}.vtt`)} />
          ))}
        </video>
      </div>
      {failed && <Note tone="bad">{t("player-failed")}</Note>}
      <Timeline frame={frame} last={last} seek={seek} range={range} />
      <div className="transport">
        <Button look="quiet" icon="previous" iconOnly label={t("step-back")}
          onPress={() => step(-1)} testid="step-back" />
        <Button look="primary" icon={playing ? "pause" : "play"} iconOnly testid="play"
          label={t(playing ? "pause" : "play")} onPress={toggle} />
        <Button look="quiet" icon="next" iconOnly label={t("step-forward")}
          onPress={() => step(1)} testid="step-forward" />
        <Position frame={frame} rate={rate} last={last} seek={seek} />
        {playing && speed !== 1 && <span className="quiet">{t("speed-times", { speed })}</span>}
        <span className="spring" />
        <Button look="quiet" icon="loop" iconOnly label={t(looping ? "loop-off" : "loop-on")}
          onPress={() => setLooping(!looping)} aria-pressed={looping} />
        <Button look="quiet" icon={muted ? "muted" : "sound"} iconOnly
          label={t(muted ? "unmute" : "mute")} onPress={mute} />
        <Button look="quiet" icon="captions" testid="captions" onPress={nextCaption}
          label={captions < 0 ? t("captions-off")
            : t(`language-${master.subtitles[captions]?.language ?? "en"}`)}
          isDisabled={master.subtitles.length === 0} />
        {Object.keys(master.hls).length > 0 && (
          <Button look="quiet" testid="source-toggle"
            label={t(source === "hls" ? "source-hls" : "source-proxy")}
            onPress={() => {
              pause();
              setSource(source === "hls" ? "proxy" : "hls");
            }} />
        )}
        <Button look="quiet" icon="full" iconOnly label={t("full-screen")} onPress={full} />
        <Button look="quiet" icon="help" iconOnly label={t("keys-title")}
          onPress={() => setHelp(true)} testid="key-help-open" />
      </div>
      <RangeLine range={range} clear={() => setRange([null, null])} rate={rate} />
      <KeyHelp open={help} close={() => setHelp(false)} rows={[
        ["Space", t("key-play")], ["J K L", t("key-shuttle")], ["← →", t("key-step")],
        ["Shift ← Shift →", t("key-step-ten")], ["Home End", t("key-ends")],
        ["I O", t("key-range")], ["M", t("key-mute")], ["F", t("key-full")],
        ["C", t("key-captions")], ["?", t("key-help")],
      ]} />
    </div>
  );
}

function useSource(
  video: RefObject<HTMLVideoElement | null>, master: Master, source: "proxy" | "hls",
): boolean {
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    setFailed(false);
    const fail = () => setFailed(true);
    element.addEventListener("error", fail);
    let off = () => {};
    let gone = false;
    if (source === "proxy") {
      element.src = fileUrl(master.proxy_blob, "proxy.mp4");
    } else {
      attachHls(element, hlsUrl(master.id, "main.m3u8"), fail)
        .then((detach) => {
          if (gone) detach();
          else off = detach;
        })
        .catch(fail);
    }
    return () => {
      gone = true;
      off();
      element.removeEventListener("error", fail);
    };
  }, [video, master.id, master.proxy_blob, source]);
  return failed;
}

/** Opens at the frame of the address, or where it was before the source was changed. */
function useStartFrame(
  video: RefObject<HTMLVideoElement | null>, seek: (frame: number) => void, source: string,
) {
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const ready = () => {
      const wanted = Number(readUrlParam("f"));
      seek(Number.isInteger(wanted) && wanted > 0 ? wanted : 0);
    };
    element.addEventListener("loadedmetadata", ready, { once: true });
    return () => element.removeEventListener("loadedmetadata", ready);
  }, [video, seek, source]);
}

function useCaptions(video: RefObject<HTMLVideoElement | null>, index: number) {
  useEffect(() => {
    const tracks = video.current?.textTracks;
    if (!tracks) return;
    for (let at = 0; at < tracks.length; at++) {
      const track = tracks[at];
      if (track) track.mode = at === index ? "showing" : "disabled";
    }
  }, [video, index]);
}

export function Timeline({ frame, last, seek, range }: {
  frame: number; last: number; seek: (frame: number) => void;
  range?: [number | null, number | null];
}) {
  const { t } = useWords();
  const f = useFormat();
  const percent = (at: number) => `${last ? (at / last) * 100 : 0}%`;
  const from = range?.[0] ?? null;
  const to = range?.[1] ?? null;
  return (
    <div className="timeline">
      {(from !== null || to !== null) && (
        <span className="range" style={{
          insetInlineStart: percent(from ?? 0),
          insetInlineEnd: `calc(100% - ${percent(to ?? last)})`,
        }} />
      )}
      <input type="range" min={0} max={last} step={1} value={Math.min(frame, last)}
        data-testid="timeline" aria-label={t("timeline")}
        aria-valuetext={t("frame-of", { frame: f.number(frame), last: f.number(last) })}
        style={{ ["--at" as string]: percent(Math.min(frame, last)) }}
        onChange={(event) => seek(Number(event.target.value))} />
    </div>
  );
}

function RangeLine({ range, clear, rate }: {
  range: [number | null, number | null]; clear: () => void; rate: { num: number; den: number };
}) {
  const { t } = useWords();
  const f = useFormat();
  const [from, to] = range;
  if (from === null && to === null) return null;
  const frames = from !== null && to !== null ? to - from + 1 : null;
  return (
    <div className="range-line">
      <span>{t("range-marks", { from: from ?? "–", to: to ?? "–" })}</span>
      {frames !== null && (
        <span className="quiet">
          {t("range-length", {
            frames: f.number(frames), time: f.duration((frames * rate.den * 1e6) / rate.num),
          })}
        </span>
      )}
      <Button look="quiet" label={t("clear")} onPress={clear} />
    </div>
  );
}
