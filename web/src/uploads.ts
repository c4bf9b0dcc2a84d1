// Resumable uploads: 8 MiB chunks, retried with back-off, resumed after a reload by choosing the
// same file again. The server's `bytes_received` is the only truth about where to go on.

import { useSyncExternalStore } from "react";
import type { Upload } from "./api.gen.ts";
import { api, ApiError, type Problem } from "./api.ts";
import { readPref, writePref } from "./prefs.ts";

export interface Sending {
  key: string;
  fileName: string;
  bytesTotal: number;
  bytesSent: number;
  state: "hashing" | "sending" | "waiting" | "done" | "failed" | "cancelled";
  upload: Upload | null;
  problem: Problem | null;
  resumed: boolean;
}

const chunkBytes = 8 * 1024 * 1024;
const hashBelowBytes = 64 * 1024 * 1024;
const triesPerChunk = 6;

let sendings: readonly Sending[] = [];
const files = new Map<string, File>();
const aborts = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function put(key: string, change: Partial<Sending>): void {
  sendings = sendings.map((one) => (one.key === key ? { ...one, ...change } : one));
  for (const listener of listeners) listener();
}

export function useSendings(): readonly Sending[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sendings,
  );
}

const fileKey = (file: File) => `${file.name}/${file.size}/${file.lastModified}`;
const prefName = (key: string) => `upload.${key}`;

async function sha256Hex(file: File): Promise<string | undefined> {
  if (file.size > hashBelowBytes || !globalThis.crypto?.subtle) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function openOrResume(file: File, key: string): Promise<Upload> {
  const known = readPref(prefName(key));
  if (known) {
    try {
      const upload = await api.upload(known);
      if (upload.bytes_total === file.size) {
        put(key, { resumed: upload.bytes_received > 0 });
        return upload;
      }
    } catch {
      // Gone on the server: begin again.
    }
    writePref(prefName(key), null);
  }
  put(key, { state: "hashing" });
  const expected = await sha256Hex(file);
  const fresh = { file_name: file.name, bytes_total: file.size };
  const upload = await api.createUpload(expected ? { ...fresh, expected } : fresh);
  writePref(prefName(key), upload.id);
  return upload;
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const worthRetrying = (error: unknown) =>
  error instanceof ApiError &&
  (error.status === 0 || error.status === 409 || error.status === 429 || error.status >= 500);

/** One chunk from where the server stands; asks where that is after every failure. */
async function sendNext(file: File, key: string, upload: Upload, signal: AbortSignal) {
  for (let attempt = 1; ; attempt++) {
    const from = upload.bytes_received;
    try {
      const part = file.slice(from, Math.min(from + chunkBytes, file.size));
      return await api.sendChunk(upload.id, from, part, signal);
    } catch (error) {
      if (signal.aborted || !worthRetrying(error) || attempt >= triesPerChunk) throw error;
      put(key, { state: "waiting" });
      await pause(Math.min(500 * 2 ** attempt, 15_000), signal);
      if (signal.aborted) throw error;
      upload = await api.upload(upload.id).catch(() => upload);
      put(key, { state: "sending", bytesSent: upload.bytes_received });
    }
  }
}

async function run(file: File, key: string): Promise<void> {
  const abort = new AbortController();
  aborts.set(key, abort);
  try {
    let upload = await openOrResume(file, key);
    put(key, { state: "sending", upload, bytesSent: upload.bytes_received });
    while (!upload.blob && upload.bytes_received < file.size) {
      upload = await sendNext(file, key, upload, abort.signal);
      put(key, { state: "sending", upload, bytesSent: upload.bytes_received });
    }
    writePref(prefName(key), null);
    files.delete(key);
    put(key, { state: "done", upload, bytesSent: file.size });
  } catch (error) {
    if (abort.signal.aborted) {
      put(key, { state: "cancelled" });
      return;
    }
    const problem: Problem = error instanceof ApiError
      ? error.problem : { code: "file", title: "file", status: 0 };
    if (problem.status >= 400 && problem.status < 500) writePref(prefName(key), null);
    put(key, { state: "failed", problem });
  } finally {
    aborts.delete(key);
  }
}

/** Starts (or goes on with) each file; returns their keys. */
export function send(chosen: Iterable<File>): string[] {
  const keys: string[] = [];
  for (const file of chosen) {
    const key = fileKey(file);
    keys.push(key);
    const old = sendings.find((one) => one.key === key);
    if (old && (old.state === "sending" || old.state === "hashing" || old.state === "done")) {
      continue;
    }
    files.set(key, file);
    const fresh: Sending = {
      key, fileName: file.name, bytesTotal: file.size, bytesSent: 0, state: "hashing",
      upload: null, problem: null, resumed: false,
    };
    sendings = [...sendings.filter((one) => one.key !== key), fresh];
    for (const listener of listeners) listener();
    void run(file, key);
  }
  return keys;
}

export function retrySending(key: string): void {
  const file = files.get(key);
  if (!file) return;
  put(key, { state: "hashing", problem: null });
  void run(file, key);
}

export function dropSending(key: string): void {
  aborts.get(key)?.abort();
  files.delete(key);
  sendings = sendings.filter((one) => one.key !== key);
  for (const listener of listeners) listener();
}
