// What both players share: position fields to type into, the key list, the switch for keys.

import { useState } from "react";
import { usePref } from "../prefs.ts";
import { useWords } from "../i18n.tsx";
import { Check } from "../ui/fields.tsx";
import { Sheet } from "../ui/dialog.tsx";
import { parsePosition, timecode, type Rate } from "./timecode.ts";

/** Frame number, SMPTE timecode and seconds; each can be clicked and typed over. */
export function Position({ frame, rate, last, seek }: {
  frame: number; rate: Rate; last: number; seek: (frame: number) => void;
}) {
  const { t } = useWords();
  const secs = ((frame * rate.den) / rate.num).toFixed(3);
  return (
    <div className="position">
      <PositionField label={t("frame")} text={String(frame)} {...{ rate, last, seek }}
        testid="position-frame" size={Math.max(String(last).length + 1, 4)} />
      <PositionField label={t("timecode")} text={timecode(frame, rate)} {...{ rate, last, seek }}
        testid="position-timecode" size={11} />
      <PositionField label={t("seconds")} text={secs} {...{ rate, last, seek }}
        testid="position-seconds" size={secs.length} />
    </div>
  );
}

function PositionField({ label, text, rate, last, seek, testid, size }: {
  label: string; text: string; rate: Rate; last: number; seek: (frame: number) => void;
  testid: string; size: number;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    const frame = typed === null ? null : parsePosition(typed, rate);
    if (frame !== null) seek(Math.min(Math.max(frame, 0), last));
    setTyped(null);
  };
  return (
    <label>
      <span>{label}</span>
      <input
        value={typed ?? text} size={size} data-testid={testid} inputMode="text" spellCheck={false}
        aria-invalid={typed !== null && parsePosition(typed, rate) === null ? true : undefined}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setTyped(null);
        }}
      />
    </label>
  );
}

export function KeyHelp({ open, close, rows }: {
  open: boolean; close: () => void; rows: [string, string][];
}) {
  const { t } = useWords();
  const [keys, setKeys] = usePref("player-keys", "on");
  return (
    <Sheet title={t("keys-title")} open={open} close={close} testid="key-help">
      <Check label={t("keys-on")} checked={keys !== "off"} testid="keys-switch"
        onChange={(on) => setKeys(on ? "on" : "off")} />
      <p className="help">{t("keys-help")}</p>
      <dl className="keys">
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>{key.split(" ").map((one) => <kbd key={one}>{one}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
