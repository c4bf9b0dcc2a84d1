// Types of the HTTP interface, one per schema of the OpenAPI document. Written by a test of the
// web crate; change the Rust structs, not this file.

export interface SourceFile {
  blob: string;
  file_name: string;
}

export interface StoryStep {
  name: string;
  state: string;
  job_id: string;
  figures: unknown;
  started: number | null;
  finished: number | null;
}

export interface StoryRun {
  id: string;
  work_id: string;
  title_zh: string;
  title_en: string;
  take_source: SourceFile | null;
  video_source: SourceFile | null;
  state: string;
  steps: StoryStep[];
  error: string | null;
  created: number;
  updated: number;
}

export interface Person {
  id: string;
  organisation_id: string;
  email: string;
  name: string;
  role: string;
  locale: string;
  failed_sign_ins: number;
  locked_until: number | null;
  enabled: boolean;
  created: number;
}

export interface Upload {
  id: string;
  person_id: string;
  file_name: string;
  bytes_total: number;
  bytes_received: number;
  expected: string | null;
  blob: string | null;
  kind: string | null;
  created: number;
}

export interface Work {
  id: string;
  title_zh: string;
  title_en: string;
  organisation_id: string;
  created: number;
}

export interface Take {
  id: string;
  work_id: string;
  run_id: string;
  name: string;
  source_format: string;
  source_blob: string | null;
  frames: number;
  frame_rate_hz: number;
  duration_us: number;
  joints: number;
  markers: number;
  warnings: string[];
  motion_blob: string;
  character_blob: string | null;
  clip_glb_blob: string | null;
  clip_bvh_blob: string | null;
  preview_blob: string | null;
  poster_blob: string | null;
  created: number;
}

export interface SubtitleTrack {
  language: string;
  blob: string;
  cues: number;
}

export interface Master {
  id: string;
  work_id: string;
  run_id: string;
  name: string;
  origin: string;
  blob: string;
  bytes: number;
  sha256: string;
  sm3: string;
  blake3: string;
  duration_us: number;
  width: number;
  height: number;
  frame_rate_num: number;
  frame_rate_den: number;
  probe: unknown;
  poster_blob: string;
  proxy_blob: string;
  proxy_frames: number;
  proxy_rate_num: number;
  proxy_rate_den: number;
  subtitles: SubtitleTrack[];
  hls: Record<string, string>;
  fingerprint_blob: string | null;
  created: number;
}

export interface SignedBy {
  id: string;
  name_zh: string;
  name_en: string;
  signed: number;
}

export interface Evidence {
  id: string;
  code: string;
  work_id: string;
  act: string;
  title_zh: string;
  title_en: string;
  leaf_index: number;
  tree_size: number;
  leaf_hash: string;
  signed_by: SignedBy[];
  claim: unknown;
  package_blob: string;
  package_bytes: number;
  registered: number;
}

export interface VerdictLine {
  code: string;
  text_zh: string;
  text_en: string;
}

export interface VerdictFailure {
  what: string;
  entry: string;
  detail: string;
}

export interface Verdict {
  ok: boolean;
  proven: VerdictLine[];
  not_proven: VerdictLine[];
  failures: VerdictFailure[];
}

export interface PaymentShare {
  party: string;
  basis_points: number;
  amount_minor: number;
}

export interface Payment {
  receipt_no: string;
  paid_on: string;
  amount_minor: number;
  shares: PaymentShare[];
}

export interface Licence {
  id: string;
  work_id: string;
  title_zh: string;
  title_en: string;
  licensee: string;
  territories: string;
  media: string[];
  languages: string[];
  starts_on: string;
  ends_on: string | null;
  exclusive: boolean;
  state: string;
  price_minor: number;
  currency: string;
  paid_minor: number;
  payments: Payment[];
  created: number;
}

export interface RightsIn {
  id: string;
  work_id: string;
  from_party: string;
  territories: string;
  media: string[];
  languages: string[];
  starts_on: string;
  ends_on: string | null;
  exclusive: boolean;
  created: number;
}

export interface Share {
  party: string;
  basis_points: number;
}

export interface GrantRequest {
  work_id: string;
  licensee: string;
  territories: string;
  media: string[];
  languages: string[];
  starts_on: string;
  ends_on: string | null;
  exclusive: boolean;
  price_minor: number;
  currency: string;
  shares?: Share[];
}

export interface Witness {
  licence_id: string;
  licensee: string;
  territories: string;
  media: string[];
  languages: string[];
  starts_on: string;
  ends_on: string | null;
}

export interface Window {
  starts_on: string;
  ends_on: string | null;
}

export interface Refusal {
  code: string;
  text_zh: string;
  text_en: string;
  witness?: Witness | null;
  nearest_free?: Window | null;
  field?: string | null;
}

export interface MatchSegment {
  library_start_us: number;
  library_end_us: number;
  copy_start_us: number;
  copy_end_us: number;
  mean_distance_bits: number;
  edits: string[];
}

export interface Match {
  id: string;
  work_id: string;
  run_id: string;
  master_id: string | null;
  suspect_name: string;
  suspect_blob: string;
  suspect_proxy_blob: string | null;
  verdict: string;
  score: number;
  segments: MatchSegment[];
  case_id: string | null;
  created: number;
}

export interface Case {
  id: string;
  match_id: string;
  work_id: string;
  title_zh: string;
  title_en: string;
  state: string;
  evidence_id: string | null;
  created: number;
}

export interface Job {
  id: string;
  kind: string;
  subject: string;
  payload: unknown;
  state: string;
  attempt: number;
  max_attempts: number;
  run_at: number;
  lease_owner: string | null;
  lease_until: number | null;
  progress_ppm: number;
  stage: string;
  error: string | null;
  cancel_requested: boolean;
  created: number;
  updated: number;
}
