// Single-key shortcuts: inside the player only, never while typing or composing, can be switched off.

import { useEffect, type RefObject } from "react";
import { readPref } from "../prefs.ts";

export type Keys = Record<string, () => void>;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement
    || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== "range"
    && target.type !== "checkbox";
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary") !== null;
}

export function keysAreOn(): boolean {
  return readPref("player-keys") !== "off";
}

/** Names: `Space`, `ArrowLeft`, `Shift+ArrowLeft`, `j`, `?`. */
export function useKeys(within: RefObject<HTMLElement | null>, keys: Keys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || !keysAreOn()) return;
      const focused = document.activeElement;
      const free = focused === document.body || focused === null || focused.id === "content";
      if (!free && !within.current?.contains(focused)) return;
      const name = event.key === " " ? "Space" : event.key.length === 1
        ? event.key.toLowerCase() : `${event.shiftKey ? "Shift+" : ""}${event.key}`;
      if (name === "Space" && isPressable(event.target)) return;
      const act = keys[name];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
