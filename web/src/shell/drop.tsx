// Files dropped anywhere begin to upload; the home page offers to run the story on them.

import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import { Badge, Button, Meter, useProblemText, type Tone } from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";
import { dropSending, retrySending, send, type Sending } from "../uploads.ts";

export function DropZone() {
  const { t } = useWords();
  const mayUpload = useMay("upload");
  const [over, setOver] = useState(false);
  const [, go] = useLocation();
  const depth = useRef(0);
  useEffect(() => {
    if (!mayUpload) return;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current += 1;
      setOver(true);
    };
    const leave = () => {
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    };
    const hold = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      if (send(event.dataTransfer?.files ?? []).length) go("/");
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hold);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hold);
      window.removeEventListener("drop", drop);
    };
  }, [mayUpload, go]);
  if (!over) return null;
  return (
    <div className="drop-over" aria-hidden="true">
      <Icon name="upload" size={40} />
      <p>{t("drop-here")}</p>
    </div>
  );
}

const tones: Record<Sending["state"], Tone> = {
  hashing: "live", sending: "live", waiting: "warn", done: "good", failed: "bad",
  cancelled: "warn",
};

export function SendingRow({ sending }: { sending: Sending }) {
  const { t } = useWords();
  const f = useFormat();
  const textOf = useProblemText();
  const ppm = sending.bytesTotal ? (sending.bytesSent / sending.bytesTotal) * 1_000_000 : 0;
  const state = sending.state === "done" && sending.upload?.kind
    ? t(`upload-kind-${sending.upload.kind}`) : t(`upload-${sending.state}`);
  return (
    <div className="job" data-testid="upload" data-state={sending.state}
      data-kind={sending.upload?.kind ?? ""}>
      <div className="job-head">
        <span className="clip-text">{sending.fileName}</span>
        <Badge tone={tones[sending.state]}>{state}</Badge>
      </div>
      {sending.state !== "done" && sending.state !== "failed" && (
        <Meter ppm={ppm} label={sending.fileName} />
      )}
      <div className="job-foot">
        <span className="quiet">
          {f.bytes(sending.bytesSent)} / {f.bytes(sending.bytesTotal)}
          {sending.resumed && ` · ${t("upload-resumed")}`}
        </span>
        <span className="actions small">
          {(sending.state === "failed" || sending.state === "cancelled") && (
            <Button look="quiet" label={t("retry")} onPress={() => retrySending(sending.key)} />
          )}
          <Button look="quiet" label={t("remove")} onPress={() => dropSending(sending.key)} />
        </span>
      </div>
      {sending.problem && (
        <p className="error" role="alert" data-testid="upload-error">
          {sending.problem.code === "file" ? t("upload-unreadable") : textOf(sending.problem)}
        </p>
      )}
    </div>
  );
}
