// State that belongs in the address: filters, sort, selected row, frame. Replaced, not pushed.

import { useCallback } from "react";
import { useSearchParams } from "wouter";

export function useUrlParam(name: string, fallback = ""): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback((value: string) => {
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (value === fallback) next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  }, [setParams, name, fallback]);
  return [params.get(name) ?? fallback, set];
}

/** Writes one parameter without a render; for what changes many times a second. */
export function writeUrlParam(name: string, value: string | null): void {
  const url = new URL(window.location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  window.history.replaceState(window.history.state, "", url);
}

export function readUrlParam(name: string): string | null {
  return new URL(window.location.href).searchParams.get(name);
}
