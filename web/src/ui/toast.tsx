// Short messages that come and go, spoken politely by screen readers.

import { useSyncExternalStore } from "react";
import { useWords } from "../i18n.tsx";
import { Icon } from "./icons.tsx";

interface Toast {
  key: number;
  tone: "good" | "bad" | "info";
  text: string;
}

const shownForMs = 7000;
let toasts: readonly Toast[] = [];
let nextKey = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(tone: Toast["tone"], text: string): void {
  const key = nextKey++;
  set([...toasts, { key, tone, text }].slice(-4));
  if (tone !== "bad") window.setTimeout(() => dismiss(key), shownForMs);
}

function dismiss(key: number): void {
  set(toasts.filter((one) => one.key !== key));
}

export function Toasts() {
  const { t } = useWords();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.key} className={`toast ${one.tone}`}>
          <Icon name={one.tone === "good" ? "check" : one.tone === "bad" ? "warn" : "info"} />
          <span>{one.text}</span>
          <button type="button" className="button quiet square" aria-label={t("dismiss")}
            onClick={() => dismiss(one.key)}>
            <Icon name="cross" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
