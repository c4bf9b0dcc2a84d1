// Small choices kept in this browser only: theme, language, player keys.

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

export function readPref(name: string): string | null {
  try {
    return localStorage.getItem(`backlot.${name}`);
  } catch {
    return null;
  }
}

export function writePref(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`backlot.${name}`);
    else localStorage.setItem(`backlot.${name}`, value);
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePref(name: string, fallback: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => readPref(name) ?? fallback);
  return [value, (next) => writePref(name, next)];
}

export type Theme = "dark" | "light" | "system";

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [value, set] = usePref("theme", "dark");
  const theme: Theme = value === "light" || value === "system" ? value : "dark";
  return [
    theme,
    (next) => {
      document.documentElement.dataset["theme"] = next;
      set(next);
    },
  ];
}
