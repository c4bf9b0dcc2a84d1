// The live line: server-sent events kept open, back-off after a loss, what is stale said aloud.
//
// Invariant: after every gap all queries are asked again, so a missed event is never a stale page.

import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Job, StoryRun } from "./api.gen.ts";
import { api, type Home } from "./api.ts";

export interface Line {
  state: "connecting" | "live" | "stale";
  /** When the last event of any kind came, ms. */
  lastHeard: number;
}

const firstBackOffMs = 500;
const lastBackOffMs = 15_000;
const refreshEveryMs = 400;
const restAfterHiddenMs = 20_000;

let line: Line = { state: "connecting", lastHeard: Date.now() };
let jobs: readonly Job[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function setLine(state: Line["state"], heard: boolean): void {
  const lastHeard = heard ? Date.now() : line.lastHeard;
  if (state === line.state && !heard) return;
  line = { state, lastHeard };
  tell();
}

export function putJobs(rows: Job[]): void {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  for (const job of rows) {
    const known = byId.get(job.id);
    if (!known || known.updated <= job.updated) byId.set(job.id, job);
  }
  jobs = [...byId.values()].sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1))
    .slice(0, 200);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useLine = (): Line => useSyncExternalStore(subscribe, () => line);
export const useJobs = (): readonly Job[] => useSyncExternalStore(subscribe, () => jobs);

function putRun(queries: QueryClient, run: StoryRun): void {
  queries.setQueryData(["story-run", run.id], run);
  queries.setQueryData<Home>(["home"], (home) => {
    if (!home) return home;
    const newer = !home.last_run || home.last_run.created <= run.created;
    return newer ? { ...home, last_run: run } : home;
  });
}

function parse<T>(event: MessageEvent): T | null {
  try {
    return JSON.parse(event.data as string) as T;
  } catch {
    return null;
  }
}

/** Opens the line for as long as somebody is signed in; returns how to close it. */
export function openLine(queries: QueryClient): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  let hiding = 0;
  let refresh = 0;
  let backOff = firstBackOffMs;
  let closed = false;
  let lost = false;

  const refreshSoon = () => {
    if (refresh) return;
    refresh = window.setTimeout(() => {
      refresh = 0;
      void queries.invalidateQueries({ predicate: (query) => query.meta?.["live"] !== false });
    }, refreshEveryMs);
  };
  const caughtUp = () => {
    backOff = firstBackOffMs;
    setLine("live", true);
    if (lost) refreshSoon();
    lost = false;
    void api.jobs().then((page) => putJobs(page.rows)).catch(() => {});
  };
  const connect = () => {
    window.clearTimeout(timer);
    if (closed || (source && source.readyState !== EventSource.CLOSED)) return;
    source = new EventSource("/api/events");
    source.onopen = caughtUp;
    source.addEventListener("hello", () => setLine("live", true));
    source.addEventListener("job", (event) => {
      const job = parse<Job>(event);
      if (job) putJobs([job]);
      setLine("live", true);
    });
    source.addEventListener("run", (event) => {
      const run = parse<StoryRun>(event);
      if (run) putRun(queries, run);
      setLine("live", true);
    });
    source.addEventListener("fact", () => {
      setLine("live", true);
      refreshSoon();
    });
    source.onerror = () => {
      lost = true;
      setLine("stale", false);
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = window.setTimeout(connect, backOff);
      backOff = Math.min(backOff * 2, lastBackOffMs);
    };
  };
  // A browser keeps six connections to a server. A page that was left (and lives on in the history)
  // or that nobody sees must not hold one, or the seventh page would wait for ever.
  const rest = () => {
    window.clearTimeout(timer);
    window.clearTimeout(hiding);
    if (!source) return;
    source.close();
    source = null;
    lost = true;
  };
  const resume = () => {
    window.clearTimeout(hiding);
    connect();
  };
  const seen = () => {
    if (document.visibilityState === "visible") resume();
    else hiding = window.setTimeout(rest, restAfterHiddenMs);
  };
  const offline = () => setLine("stale", false);
  const online = () => {
    if (source?.readyState === EventSource.OPEN) setLine("live", false);
  };
  window.addEventListener("offline", offline);
  window.addEventListener("online", online);
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", resume);
  document.addEventListener("visibilitychange", seen);
  connect();
  return () => {
    closed = true;
    window.clearTimeout(timer);
    window.clearTimeout(refresh);
    window.removeEventListener("offline", offline);
    window.removeEventListener("online", online);
    window.removeEventListener("pagehide", rest);
    window.removeEventListener("pageshow", resume);
    document.removeEventListener("visibilitychange", seen);
    rest();
    jobs = [];
    line = { state: "connecting", lastHeard: Date.now() };
  };
}
