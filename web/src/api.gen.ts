// Types of the HTTP interface, one per schema of the OpenAPI document. Written by a test of the
// web crate; change the Rust structs, not this file.

export interface AuditPage {
  next_before: number | null;
  rows: AuditRow[];
}

export interface AuditRow {
  /** `person/<id>`, `worker/<name>` or `system`. */
  actor: string;
  actor_name: string | null;
  at: number;
  body: unknown;
  kind: string;
  seq: number;
  stream: string;
}

export interface Authority {
  healthy: boolean;
  id: string;
  last_signed: number | null;
  last_signed_size: number;
  name_en: string;
  name_zh: string;
  /** Why it is not healthy. */
  problem: string | null;
  /** Public key in the signed-note form. */
  vkey: string;
}

/** An infringement case. */
export interface Case {
  created: number;
  evidence_id: string | null;
  id: string;
  match_id: string;
  /** `open`, `closed`. */
  state: string;
  title_en: string;
  title_zh: string;
  work_id: string;
}

export interface Counts {
  cases: number;
  evidence: number;
  licences: number;
  licences_paid: number;
  masters: number;
  matches: number;
  takes: number;
  works: number;
}

export interface DiskView {
  free_bytes: number;
  total_bytes: number;
}

/** One registered claim and its evidence package. */
export interface Evidence {
  /** `work-registered` or `infringement-found`. */
  act: string;
  claim: unknown;
  /** Public code of `/v/CODE`; unique. */
  code: string;
  id: string;
  leaf_hash: string;
  leaf_index: number;
  package_blob: string;
  package_bytes: number;
  registered: number;
  /** Names of the authorities that signed. */
  signed_by: SignedBy[];
  title_en: string;
  title_zh: string;
  tree_size: number;
  work_id: string;
}

/** What the form shows while it is filled in. */
export interface GrantCheck {
  free: boolean;
  refusal: Refusal | null;
  /** Shortest form of the territories, empty when they cannot be read. */
  territories_normalised: string;
  territory_count: number;
}

/** A licence as a form asks for it. */
export interface GrantRequest {
  /** ISO 4217. */
  currency: string;
  /** First day no longer licensed; null = open. */
  ends_on: string | null;
  exclusive: boolean;
  /** `zh-Hans:audio`, `en:sub`; a tag alone means every use. */
  languages: string[];
  licensee: string;
  /** Codes or names of media. */
  media: string[];
  price_minor: number;
  /** Who gets which part of the price; none = all to the house. */
  shares?: Share[];
  /** First day, ISO date. */
  starts_on: string;
  /** `World ex CN,US`, in Chinese or English. */
  territories: string;
  work_id: string;
}

/** What the health page shows. What cannot be read is null. */
export interface Health {
  authorities: Authority[];
  /** `folder …` or `s3 …`. */
  blobs: string;
  disk: DiskView | null;
  /** Null when the journal is too long to be read while somebody waits. */
  journal_ok: boolean | null;
  media: MediaView | null;
  store: StoreView;
  version: string;
  worker: WorkerView;
}

/** What the first page shows. */
export interface Home {
  counts: Counts;
  last_run: StoryRun | null;
  /** `run-story`, `watch-run`, `grant-licence`, `review-match` or `none`. */
  next_action: string;
}

export interface InviteBody {
  email: string;
  locale: string;
  name: string;
  /** Name of the organisation; a new name makes a new one, none = the inviter's. */
  organisation?: string | null;
  role: string;
}

export interface Job {
  /** Attempts started. */
  attempt: number;
  cancel_requested: boolean;
  created: number;
  error: string | null;
  id: string;
  kind: string;
  lease_owner: string | null;
  lease_until: number | null;
  max_attempts: number;
  payload: unknown;
  /** Parts per million. */
  progress_ppm: number;
  run_at: number;
  /** A short stage name, `encoding the proxy`. */
  stage: string;
  state: string;
  subject: string;
  updated: number;
}

export interface JobLog {
  lines: JobLogLine[];
}

export interface JobLogLine {
  at: number;
  line: string;
}

export interface JobRows {
  rows: Job[];
}

export interface Language {
  name_en: string;
  name_zh: string;
  tag: string;
}

export interface Ledger {
  authorities: Authority[];
  origin: string;
  /** Root hash of the Merkle tree, hex. */
  root: string;
  size: number;
}

/** A licence that was granted. */
export interface Licence {
  created: number;
  currency: string;
  /** ISO date, exclusive; none = open. */
  ends_on: string | null;
  exclusive: boolean;
  id: string;
  languages: string[];
  licensee: string;
  media: string[];
  paid_minor: number;
  payments: Payment[];
  price_minor: number;
  /** ISO date, inclusive. */
  starts_on: string;
  /** `granted`, `paid`, `terminated`. */
  state: string;
  /** Shortest expression, `World ex CN,US`. */
  territories: string;
  title_en: string;
  title_zh: string;
  work_id: string;
}

/** A checked master in the library. */
export interface Master {
  blake3: string;
  blob: string;
  bytes: number;
  created: number;
  duration_us: number;
  fingerprint_blob: string | null;
  frame_rate_den: number;
  frame_rate_num: number;
  height: number;
  /** HLS package: file name inside the package to blob; `main.m3u8` is the entry. */
  hls: Record<string, string>;
  id: string;
  name: string;
  /** `preview` (rendered by us) or `video` (given). */
  origin: string;
  poster_blob: string;
  /** ffprobe's own answer. */
  probe: unknown;
  proxy_blob: string;
  /** Frames in the proxy. */
  proxy_frames: number;
  proxy_rate_den: number;
  proxy_rate_num: number;
  run_id: string;
  sha256: string;
  sm3: string;
  subtitles: SubtitleTrack[];
  width: number;
  work_id: string;
}

/** A suspect copy compared with the library. */
export interface Match {
  case_id: string | null;
  created: number;
  id: string;
  /** The master it matches; none when nothing was found. */
  master_id: string | null;
  run_id: string;
  score: number;
  segments: MatchSegment[];
  suspect_blob: string;
  suspect_name: string;
  suspect_proxy_blob: string | null;
  /** `match`, `weak`, `insufficient-content`, `no-match`. */
  verdict: string;
  work_id: string;
}

export interface MatchSegment {
  copy_end_us: number;
  copy_start_us: number;
  /** Edits that explain the match, `crop`, `mirror`, `letterbox`. */
  edits: string[];
  library_end_us: number;
  library_start_us: number;
  /** Mean Hamming distance of the agreeing frames, of 256 bits. */
  mean_distance_bits: number;
}

export interface MediaView {
  version: string;
}

export interface Medium {
  code: string;
  name_en: string;
  name_zh: string;
  /** Code of the branch above; null for branches. */
  parent: string | null;
}

export interface NewUploadBody {
  bytes_total: number;
  /** SHA-256 of the whole file, lowercase hex, when the browser computed it. */
  expected?: string | null;
  file_name: string;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Case {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Evidence {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Licence {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Master {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Match {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Person {
  /** Cursor of the next page. */
  next: string | null;
  rows: unknown[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_StoryRun {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Take {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

/** One page of a list. `T` is a record on the wire and its mirror in the document. */
export interface Page_Work {
  /** Cursor of the next page. */
  next: string | null;
  rows: (Record<string, unknown>)[];
  /** Rows of all pages. */
  total: number;
}

export interface Payment {
  amount_minor: number;
  paid_on: string;
  receipt_no: string;
  shares: PaymentShare[];
}

export interface PaymentBody {
  amount_minor: number;
  currency: string;
  /** ISO date. */
  paid_on: string;
  receipt_no: string;
}

export interface PaymentShare {
  amount_minor: number;
  basis_points: number;
  party: string;
}

/** A person as the owner sees him; the password hash never leaves the house. */
export interface Person {
  created: number;
  email: string;
  enabled: boolean;
  failed_sign_ins: number;
  id: string;
  locale: string;
  locked_until: number | null;
  name: string;
  /** Name of the organisation. */
  organisation: string;
  organisation_id: string;
  role: string;
}

export interface PersonAnswer {
  /** Shown once, to be handed over; null when the password did not change. */
  one_time_password: string | null;
  person: Person;
}

export interface PersonPatch {
  enabled?: boolean | null;
  reset_password?: boolean;
  role?: string | null;
}

/** The body of every refusal. */
export interface Problem {
  code: string;
  detail_en: string;
  detail_zh: string;
  fields?: ProblemField[];
  refusal?: Refusal | null;
  status: number;
  title: string;
  /** The name under which the server's log knows this request. */
  trace_id: string;
  /** Page that explains the code. */
  type: string;
}

/** One refused field. */
export interface ProblemField {
  detail_en: string;
  detail_zh: string;
  name: string;
}

/** Why a licence cannot be granted, with the grant that stands in the way. */
export interface Refusal {
  code: string;
  field?: string | null;
  nearest_free?: Window | null;
  text_en: string;
  text_zh: string;
  witness?: Witness | null;
}

/** Rights the house holds in a work. */
export interface RightsIn {
  created: number;
  ends_on: string | null;
  exclusive: boolean;
  from_party: string;
  id: string;
  languages: string[];
  media: string[];
  starts_on: string;
  territories: string;
  work_id: string;
}

export interface SearchHit {
  /** Path in the web app. */
  href: string;
  id: string;
  /** `work`, `take`, `master`, `evidence`, `licence` or `person`. */
  kind: string;
  title_en: string;
  title_zh: string;
}

export interface SearchHits {
  hits: SearchHit[];
}

export interface SessionPatch {
  locale?: string | null;
  name?: string | null;
  new_password?: string | null;
  old_password?: string | null;
}

/** The signed-in person as the session knows him. */
export interface SessionPerson {
  email: string;
  id: string;
  locale: string;
  name: string;
  organisation: string;
  role: string;
}

export interface SessionView {
  person: SessionPerson | null;
  version: string;
}

export interface Share {
  /** Hundredths of a percent; all together 10,000. */
  basis_points: number;
  party: string;
}

export interface SignInBody {
  email: string;
  password: string;
}

export interface SignedBy {
  id: string;
  name_en: string;
  name_zh: string;
  signed: number;
}

export interface SignedInView {
  person: SessionPerson;
}

export interface SourceFile {
  blob: string;
  file_name: string;
}

export interface StartStoryBody {
  /** Id of a finished upload of kind `take`; none = a generated performance. */
  take_upload?: string | null;
  title_en?: string | null;
  title_zh?: string | null;
  /** Id of a finished upload of kind `video`. */
  video_upload?: string | null;
}

export interface StoreView {
  bytes: number;
  engine: string;
  engine_version: string;
  journal_rows: number;
  schema_version: number;
}

/** One walk through the story: capture, animate, master, register, license, monitor. */
export interface StoryRun {
  created: number;
  error: string | null;
  id: string;
  /** `running`, `done`, `failed`, `cancelled`. */
  state: string;
  /** Steps in order with their figures as soon as each is done. */
  steps: StoryStep[];
  take_source: SourceFile | null;
  title_en: string;
  title_zh: string;
  updated: number;
  video_source: SourceFile | null;
  work_id: string;
}

export interface StoryStep {
  /** What the step measured; the same object `backlot demo --json` prints. */
  figures: unknown;
  finished: number | null;
  job_id: string;
  /** `capture`, `animate`, `master`, `register`, `license`, `monitor`. */
  name: string;
  started: number | null;
  /** `waiting`, `running`, `done`, `failed`. */
  state: string;
}

export interface SubtitleTrack {
  blob: string;
  cues: number;
  /** BCP 47. */
  language: string;
}

/** A recorded performance and what was animated from it. */
export interface Take {
  /** Set by animate. */
  character_blob: string | null;
  clip_bvh_blob: string | null;
  clip_glb_blob: string | null;
  created: number;
  duration_us: number;
  frame_rate_hz: number;
  frames: number;
  id: string;
  joints: number;
  markers: number;
  /** Marker paths as JSON (`backlot_geom::MarkerTrajectories`), when the take has markers. */
  markers_blob: string | null;
  /** The solved motion as JSON (`backlot_geom::Motion`). */
  motion_blob: string;
  name: string;
  poster_blob: string | null;
  preview_blob: string | null;
  run_id: string;
  source_blob: string | null;
  /** `bvh`, `c3d` or `procedural`. */
  source_format: string;
  /** Warnings of the reader, in English, one per line. */
  warnings: string[];
  work_id: string;
}

export interface TerminateBody {
  reason: string;
}

export interface Territory {
  code: string;
  name_en: string;
  name_zh: string;
}

export interface TerritoryGroup {
  code: string;
  members: string[];
  name_en: string;
  name_zh: string;
}

/** A file on its way in. `blob` is set once all bytes are there and their digest is checked. */
export interface Upload {
  blob: string | null;
  bytes_received: number;
  bytes_total: number;
  created: number;
  /** What the browser says the SHA-256 is, if it computed one. */
  expected: string | null;
  /** As the browser gave it, for showing only; never a path. */
  file_name: string;
  id: string;
  /** `take` or `video`, sniffed from content once complete. */
  kind: string | null;
  person_id: string;
}

/** What an evidence package proves and what not. */
export interface Verdict {
  failures: VerdictFailure[];
  not_proven: VerdictLine[];
  ok: boolean;
  proven: VerdictLine[];
}

export interface VerdictFailure {
  detail: string;
  /** The entry of the package that is at fault. */
  entry: string;
  what: string;
}

export interface VerdictLine {
  code: string;
  text_en: string;
  text_zh: string;
}

export interface Vocab {
  languages: Language[];
  media: Medium[];
  territories: Territory[];
  territory_groups: TerritoryGroup[];
}

/** Half-open dates; no end = open. */
export interface Window {
  ends_on: string | null;
  starts_on: string;
}

/** The licence that stands in the way. */
export interface Witness {
  ends_on: string | null;
  languages: string[];
  licence_id: string;
  licensee: string;
  media: string[];
  starts_on: string;
  territories: string;
}

/** A title that can be registered and licensed. */
export interface Work {
  created: number;
  id: string;
  organisation_id: string;
  title_en: string;
  title_zh: string;
}

export interface WorkRights {
  licences: Licence[];
  rights_in: RightsIn[];
  work: Work;
}

export interface WorkerView {
  queued: number;
  running: number;
}
