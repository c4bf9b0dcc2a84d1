// Plays a take: character and skeleton, exact frames, speed, a camera for mouse and keyboard.

import {
  useCallback, useEffect, useMemo, useRef, useState, type PointerEvent, type RefObject,
} from "react";
import type { Take } from "../api.gen.ts";
import { fileUrl } from "../api.ts";
import { useWords } from "../i18n.tsx";
import { Timeline } from "../player/frame-player.tsx";
import { useKeys } from "../player/keys.ts";
import { KeyHelp, Position } from "../player/parts.tsx";
import { usePref, useTheme } from "../prefs.ts";
import { Button, Loading, Note } from "../ui/basics.tsx";
import { Check } from "../ui/fields.tsx";
import { readUrlParam, writeUrlParam } from "../url.ts";
import { firstCamera, Viewer, type Camera } from "./viewer.ts";

const speeds = ["0.25", "0.5", "1", "2"];

/** 119.88 Hz as a fraction that timecode can count with. */
function rateOf(hertz: number): { num: number; den: number } {
  const whole = Math.round(hertz);
  if (Math.abs(hertz - whole) < 1e-3) return { num: whole, den: 1 };
  if (Math.abs(hertz - (whole * 1000) / 1001) < 1e-2) return { num: whole * 1000, den: 1001 };
  return { num: Math.round(hertz * 1000), den: 1000 };
}

function cameraFromUrl(): Camera {
  const [azimuth, polar, distance] = (readUrlParam("cam") ?? "").split(",").map(Number);
  if (!azimuth || !polar || !distance) return firstCamera;
  return clamped({ azimuth, polar, distance });
}

function clamped(camera: Camera): Camera {
  return {
    azimuth: camera.azimuth,
    polar: Math.min(Math.max(camera.polar, 0.15), 1.62),
    distance: Math.min(Math.max(camera.distance, 1.2), 12),
  };
}

export default function TakePlayer({ take }: { take: Take }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const rate = useMemo(() => rateOf(take.frame_rate_hz), [take.frame_rate_hz]);
  const last = Math.max(0, take.frames - 1);
  const { viewer, failed } = useViewer(canvas, take);
  const [frame, setFrame] = useState(() =>
    Math.min(Math.max(0, Math.trunc(Number(readUrlParam("f"))) || 0), last));
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState("1");
  const [camera, setCamera] = useState<Camera>(cameraFromUrl);
  const [character, setCharacter] = usePref("take.character", "on");
  const [skeleton, setSkeleton] = usePref("take.skeleton", "on");
  const [help, setHelp] = useState(false);

  usePlaying({ playing, speed: Number(speed), rate, last, setFrame, stop: () => setPlaying(false) });
  useEffect(() => {
    viewer?.show(character === "on", skeleton === "on");
  }, [viewer, character, skeleton]);
  useEffect(() => viewer?.setCamera(camera), [viewer, camera]);
  useEffect(() => {
    viewer?.pose((frame * rate.den) / rate.num);
    if (box.current && viewer) box.current.dataset["pose"] = viewer.poseText();
  }, [viewer, frame, rate]);
  useEffect(() => {
    if (playing) return;
    const timer = window.setTimeout(() => {
      writeUrlParam("f", frame ? String(frame) : null);
      const { azimuth, polar, distance } = camera;
      writeUrlParam("cam", camera === firstCamera ? null
        : [azimuth, polar, distance].map((value) => value.toFixed(3)).join(","));
    }, 300);
    return () => window.clearTimeout(timer);
  }, [frame, playing, camera]);

  const seek = (next: number) => setFrame(Math.min(Math.max(next, 0), last));
  const step = (by: number) => {
    setPlaying(false);
    setFrame((now) => Math.min(Math.max(now + by, 0), last));
  };
  const toggle = () => {
    if (!playing && frame >= last) setFrame(0);
    setPlaying(!playing);
  };
  const turn = useCallback((azimuth: number, polar: number, zoom = 1) => {
    setCamera((now) => clamped({
      azimuth: now.azimuth + azimuth, polar: now.polar + polar, distance: now.distance * zoom,
    }));
  }, []);
  useKeys(box, {
    Space: toggle, k: () => setPlaying(false), l: toggle,
    ArrowLeft: () => step(-1), ArrowRight: () => step(1),
    "Shift+ArrowLeft": () => step(-10), "Shift+ArrowRight": () => step(10),
    Home: () => seek(0), End: () => seek(last),
    a: () => turn(-0.12, 0), d: () => turn(0.12, 0), w: () => turn(0, -0.08),
    s: () => turn(0, 0.08), "+": () => turn(0, 0, 0.9), "=": () => turn(0, 0, 0.9),
    "-": () => turn(0, 0, 1.1), r: () => setCamera(firstCamera), "?": () => setHelp(true),
  });

  return (
    <div className="player" ref={box} data-testid="take-player" data-frame={frame}
      data-playing={playing} data-ready={Boolean(viewer)} data-bones={viewer?.boneCount ?? 0}
      data-last={last}>
      {failed ? <Fallback take={take} /> : (
        <div className="stage">
          {!viewer && <Loading />}
          <Canvas canvas={canvas} turn={turn} label={t("take-canvas", { name: take.name })} />
          <div className="camera-pad" role="group" aria-label={t("camera")}>
            <Button look="quiet" icon="left" iconOnly label={t("camera-left")}
              onPress={() => turn(-0.3, 0)} testid="camera-left" />
            <Button look="quiet" icon="up" iconOnly label={t("camera-up")}
              onPress={() => turn(0, -0.15)} />
            <Button look="quiet" icon="down" iconOnly label={t("camera-down")}
              onPress={() => turn(0, 0.15)} />
            <Button look="quiet" icon="right" iconOnly label={t("camera-right")}
              onPress={() => turn(0.3, 0)} />
            <Button look="quiet" icon="plus" iconOnly label={t("camera-closer")}
              onPress={() => turn(0, 0, 0.85)} />
            <Button look="quiet" icon="retry" iconOnly label={t("camera-reset")}
              onPress={() => setCamera(firstCamera)} />
          </div>
        </div>
      )}
      <Timeline frame={frame} last={last} seek={seek} />
      <div className="transport">
        <Button look="quiet" icon="previous" iconOnly label={t("step-back")}
          onPress={() => step(-1)} testid="step-back" />
        <Button look="primary" icon={playing ? "pause" : "play"} iconOnly testid="play"
          label={t(playing ? "pause" : "play")} onPress={toggle} />
        <Button look="quiet" icon="next" iconOnly label={t("step-forward")}
          onPress={() => step(1)} testid="step-forward" />
        <Position frame={frame} rate={rate} last={last} seek={seek} />
        <span className="spring" />
        <label className="filter">
          <span className="sr-only">{t("speed")}</span>
          <select value={speed} onChange={(event) => setSpeed(event.target.value)}>
            {speeds.map((one) => (
              <option key={one} value={one}>{t("speed-times", { speed: one })}</option>
            ))}
          </select>
        </label>
        <Check label={t("show-character")} checked={character === "on"} testid="show-character"
          onChange={(on) => setCharacter(on ? "on" : "off")} />
        <Check label={t("show-skeleton")} checked={skeleton === "on"} testid="show-skeleton"
          onChange={(on) => setSkeleton(on ? "on" : "off")} />
        <Button look="quiet" icon="help" iconOnly label={t("keys-title")}
          onPress={() => setHelp(true)} testid="key-help-open" />
      </div>
      <KeyHelp open={help} close={() => setHelp(false)} rows={[
        ["Space", t("key-play")], ["← →", t("key-step")], ["Shift ← Shift →", t("key-step-ten")],
        ["Home End", t("key-ends")], ["A D W S", t("key-orbit")], ["+ -", t("key-zoom")],
        ["R", t("key-camera-reset")], ["?", t("key-help")],
      ]} />
    </div>
  );
}

function useViewer(canvas: RefObject<HTMLCanvasElement | null>, take: Take) {
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const [failed, setFailed] = useState(false);
  const [theme] = useTheme();
  const clip = take.clip_glb_blob;
  const body = take.character_blob;
  useEffect(() => {
    if (!canvas.current || !clip) return;
    let opened: Viewer | null = null;
    let gone = false;
    Viewer.open(canvas.current, fileUrl(clip, "clip.glb"), body && fileUrl(body, "character.vrm"))
      .then((made) => {
        opened = made;
        if (gone) made.close();
        else setViewer(made);
      })
      .catch((error: unknown) => {
        console.warn(error);
        if (!gone) setFailed(true);
      });
    return () => {
      gone = true;
      opened?.close();
      setViewer(null);
    };
  }, [canvas, clip, body, theme]);
  return { viewer, failed };
}

function usePlaying({ playing, speed, rate, last, setFrame, stop }: {
  playing: boolean; speed: number; rate: { num: number; den: number }; last: number;
  setFrame: (change: (now: number) => number) => void; stop: () => void;
}) {
  useEffect(() => {
    if (!playing) return;
    let handle = 0;
    let before = performance.now();
    let owed = 0;
    const tick = (now: number) => {
      owed += ((now - before) / 1000) * speed * (rate.num / rate.den);
      before = now;
      const whole = Math.floor(owed);
      owed -= whole;
      if (whole > 0) setFrame((frame) => Math.min(frame + whole, last));
      handle = requestAnimationFrame(tick);
    };
    handle = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(handle);
  }, [playing, speed, rate, last]);
  useEffect(() => {
    if (!playing) return;
    setFrame((frame) => {
      if (frame >= last) queueMicrotask(stop);
      return frame;
    });
  });
}

function Canvas({ canvas, turn, label }: {
  canvas: RefObject<HTMLCanvasElement | null>; label: string;
  turn: (azimuth: number, polar: number, zoom?: number) => void;
}) {
  const drag = useRef<{ x: number; y: number } | null>(null);
  const move = (event: PointerEvent) => {
    if (!drag.current) return;
    turn(-(event.clientX - drag.current.x) * 0.008, -(event.clientY - drag.current.y) * 0.006);
    drag.current = { x: event.clientX, y: event.clientY };
  };
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && document.activeElement !== element) return;
      event.preventDefault();
      turn(0, 0, event.deltaY > 0 ? 1.08 : 0.92);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [canvas, turn]);
  return (
    <canvas ref={canvas} role="img" aria-label={label} tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }} />
  );
}

/** Without WebGL the rendered preview still shows the performance. */
function Fallback({ take }: { take: Take }) {
  const { t } = useWords();
  return (
    <>
      <Note tone="warn">{t("take-no-webgl")}</Note>
      {take.preview_blob && (
        <video controls className="screen" src={fileUrl(take.preview_blob, "preview.mp4")} />
      )}
    </>
  );
}
