// The typed client: one function per call of the HTTP interface, problems as `ApiError`.
//
// Shapes that the interface defines inline (lists, session, vocabulary) are here; record shapes are
// in `api.gen.ts`. Every non-GET carries `x-backlot: 1`, which the server demands against forgery.

import type {
  Case, Evidence, GrantRequest, Job, Licence, Master, Match, Person, Refusal, RightsIn, StoryRun,
  Take, Upload, Verdict, Work,
} from "./api.gen.ts";

export interface Page<T> {
  rows: T[];
  next: string | null;
  total: number;
}

export interface Problem {
  type?: string;
  code: string;
  title: string;
  detail_zh?: string;
  detail_en?: string;
  status: number;
  trace_id?: string;
  fields?: { name: string; detail_zh: string; detail_en: string }[];
  refusal?: Refusal | null;
}

export interface SessionPerson {
  id: string;
  name: string;
  email: string;
  role: string;
  organisation: string;
  locale: string;
}

export interface Session {
  person: SessionPerson | null;
  version: string;
}

export interface Home {
  counts: {
    takes: number;
    masters: number;
    evidence: number;
    licences: number;
    licences_paid: number;
    matches: number;
    cases: number;
    works: number;
  };
  last_run: StoryRun | null;
  next_action: string;
}

export interface Authority {
  id: string;
  name_zh: string;
  name_en: string;
  vkey: string;
  last_signed_size: number | null;
  last_signed: number | null;
  healthy: boolean;
}

export interface LedgerStatus {
  origin: string;
  size: number;
  root: string;
  authorities: Authority[];
}

export interface Medium {
  code: string;
  parent: string | null;
  name_zh: string;
  name_en: string;
}

export interface Territory {
  code: string;
  name_zh: string;
  name_en: string;
}

export interface TerritoryGroup extends Territory {
  members: string[];
}

export interface Vocab {
  media: Medium[];
  territory_groups: TerritoryGroup[];
  territories: Territory[];
  languages: { tag: string; name_zh: string; name_en: string }[];
}

export interface GrantCheck {
  free: boolean;
  refusal: Refusal | null;
  territories_normalised: string;
  territory_count: number;
}

export interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  actor_name: string | null;
  kind: string;
  stream: string;
  body: unknown;
}

export interface JobLogLine {
  at: number;
  line: string;
}

export interface SystemHealth {
  version: string;
  store?: {
    engine: string;
    engine_version: string;
    schema_version: number | string;
    journal_rows: number;
    bytes: number | null;
  };
  blobs?: unknown;
  media?: { version?: string } | null;
  authorities?: Authority[];
  journal_ok?: boolean | null;
  disk?: { free_bytes: number; total_bytes: number } | null;
  worker?: { running: number | boolean; queued: number } | null;
}

export interface SearchHit {
  kind: string;
  id: string;
  title_zh: string;
  title_en: string;
  href: string;
}

/** A refusal of the server, or a network that did not answer (status 0). */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail_en ?? problem.title);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

export type Query = Record<string, string | number | null | undefined>;

function url(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    return { ...problem, status: response.status };
  } catch {
    const traceId = response.headers.get("x-trace-id") ?? undefined;
    return { code: "", title: response.statusText, status: response.status, trace_id: traceId };
  }
}

type SignedOut = () => void;
let onSignedOut: SignedOut = () => {};

/** Called whenever the server says that nobody is signed in any more. */
export function whenSignedOut(callback: SignedOut): void {
  onSignedOut = callback;
}

export async function request<T>(
  method: string,
  path: string,
  options: { json?: unknown; body?: BodyInit; headers?: Record<string, string>; query?: Query;
    signal?: AbortSignal } = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  if (method !== "GET") headers["x-backlot"] = "1";
  let body = options.body;
  if (options.json !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.json);
  }
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method, headers, body, signal: options.signal, credentials: "same-origin",
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ code: "network", title: "network", status: 0 });
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && path !== "/api/session") onSignedOut();
    throw new ApiError(problem);
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>("GET", path, { query, signal });
const post = <T>(path: string, json: unknown = {}) => request<T>("POST", path, { json });
const at = (path: string, id: string, rest = "") => `${path}/${encodeURIComponent(id)}${rest}`;

export interface NewStoryRun {
  title_zh?: string;
  title_en?: string;
  take_upload?: string;
  video_upload?: string;
}

export interface AuditQuery extends Query {
  before?: number | null;
  actor?: string;
  stream?: string;
  limit?: number;
}

export const api = {
  session: () => get<Session>("/api/session"),
  signIn: (email: string, password: string) =>
    post<{ person: SessionPerson }>("/api/session", { email, password }),
  signOut: () => request<void>("DELETE", "/api/session"),
  patchSession: (json: {
    locale?: string; name?: string; old_password?: string; new_password?: string;
  }) => request<{ person: SessionPerson }>("PATCH", "/api/session", { json }),
  home: () => get<Home>("/api/home"),
  search: (q: string, signal?: AbortSignal) =>
    get<{ hits: SearchHit[] }>("/api/search", { q }, signal),

  storyRuns: (query: Query) => get<Page<StoryRun>>("/api/story-runs", query),
  storyRun: (id: string) => get<StoryRun>(at("/api/story-runs", id)),
  startStory: (json: NewStoryRun) => post<StoryRun>("/api/story-runs", json),
  cancelStory: (id: string) => post<StoryRun>(at("/api/story-runs", id, "/cancel")),
  retryStory: (id: string) => post<StoryRun>(at("/api/story-runs", id, "/retry")),

  createUpload: (json: { file_name: string; bytes_total: number; expected?: string }) =>
    post<Upload>("/api/uploads", json),
  upload: (id: string) => get<Upload>(at("/api/uploads", id)),
  sendChunk: (id: string, offset: number, body: Blob, signal?: AbortSignal) =>
    request<Upload>("PATCH", at("/api/uploads", id), {
      body, signal,
      headers: { "upload-offset": String(offset), "content-type": "application/octet-stream" },
    }),

  takes: (query: Query) => get<Page<Take>>("/api/takes", query),
  take: (id: string) => get<Take>(at("/api/takes", id)),
  masters: (query: Query) => get<Page<Master>>("/api/masters", query),
  master: (id: string) => get<Master>(at("/api/masters", id)),
  works: (query: Query) => get<Page<Work>>("/api/works", query),
  workRights: (id: string) =>
    get<{ work: Work; rights_in: RightsIn[]; licences: Licence[] }>(
      at("/api/works", id, "/rights"),
    ),

  ledger: () => get<LedgerStatus>("/api/ledger"),
  evidenceList: (query: Query) => get<Page<Evidence>>("/api/evidence", query),
  evidence: (id: string) => get<Evidence>(at("/api/evidence", id)),
  verify: (id: string) => get<Verdict>(at("/api/evidence", id, "/verify")),

  licences: (query: Query) => get<Page<Licence>>("/api/licences", query),
  licence: (id: string) => get<Licence>(at("/api/licences", id)),
  checkGrant: (json: GrantRequest, signal?: AbortSignal) =>
    request<GrantCheck>("POST", "/api/licences/check", { json, signal }),
  grant: (json: GrantRequest) => post<Licence>("/api/licences", json),
  pay: (id: string, json: {
    receipt_no: string; paid_on: string; amount_minor: number; currency: string;
  }) => post<Licence>(at("/api/licences", id, "/payments"), json),
  terminate: (id: string, reason: string) =>
    post<Licence>(at("/api/licences", id, "/terminate"), { reason }),
  vocab: () => get<Vocab>("/api/vocab"),

  matches: (query: Query) => get<Page<Match>>("/api/matches", query),
  match: (id: string) => get<Match>(at("/api/matches", id)),
  cases: (query: Query) => get<Page<Case>>("/api/cases", query),
  case: (id: string) => get<Case>(at("/api/cases", id)),
  closeCase: (id: string) => post<Case>(at("/api/cases", id, "/close")),

  jobs: (query: Query = {}) => get<{ rows: Job[] }>("/api/jobs", query),
  jobLog: (id: string) => get<{ lines: JobLogLine[] }>(at("/api/jobs", id, "/log")),
  cancelJob: (id: string) => post<unknown>(at("/api/jobs", id, "/cancel")),
  retryJob: (id: string) => post<unknown>(at("/api/jobs", id, "/retry")),

  people: (query: Query = {}) => get<Page<Person>>("/api/people", query),
  invite: (json: {
    email: string; name: string; role: string; locale: string; organisation?: string;
  }) => post<{ person: Person; one_time_password: string }>("/api/people", json),
  patchPerson: (id: string, json: {
    role?: string; enabled?: boolean; reset_password?: true;
  }) => request<{ person: Person; one_time_password?: string | null }>(
    "PATCH", at("/api/people", id), { json },
  ),
  audit: (query: AuditQuery) =>
    get<{ rows: AuditRow[]; next_before: number | null }>("/api/audit", query),
  health: () => get<SystemHealth>("/api/health"),
  openapi: () => get<unknown>("/api/openapi.json"),
};

/** Where a stored file is served; `name` only decides the file name and content type. */
export function fileUrl(sha256: string, name: string): string {
  return `/files/${sha256}/${encodeURIComponent(name)}`;
}

export function hlsUrl(masterId: string, file: string): string {
  return `/hls/${encodeURIComponent(masterId)}/${encodeURIComponent(file)}`;
}
