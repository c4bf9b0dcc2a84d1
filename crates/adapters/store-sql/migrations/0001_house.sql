-- The house: the journal and its head, jobs and their log, and one table per record.
-- Every record table is `id`, the columns lists filter and sort by, `<column>_folded` (lower case,
-- for searching) and the whole record as JSON in `body`. Time is microseconds UTC, money minor units.

CREATE TABLE journal (
    seq BIGINT NOT NULL PRIMARY KEY,
    stream TEXT NOT NULL,
    stream_seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    actor TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    body TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (stream, stream_seq)
);
CREATE INDEX journal_by_stream ON journal (stream, seq);
CREATE INDEX journal_by_actor ON journal (actor, seq);

-- One row: the last number and hash. Appends lock it, so numbers have no gaps.
CREATE TABLE journal_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO journal_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempt BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    lease_token TEXT,
    progress_ppm BIGINT NOT NULL,
    stage TEXT NOT NULL,
    error TEXT,
    cancel_requested BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (state, run_at, id);
CREATE INDEX jobs_leased ON jobs (state, lease_until);
CREATE INDEX jobs_by_subject ON jobs (subject, updated);
CREATE INDEX jobs_by_change ON jobs (updated, id);
CREATE INDEX jobs_by_state_change ON jobs (state, updated, id);

CREATE TABLE job_log (
    job TEXT NOT NULL REFERENCES jobs (id),
    line_no BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (job, line_no)
);

CREATE TABLE organisations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    name_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX organisations_by_name ON organisations (name, id);
CREATE INDEX organisations_by_created ON organisations (created, id);

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created BIGINT NOT NULL,
    email_folded TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX people_by_name ON people (name, id);
CREATE INDEX people_by_role ON people (role, id);
CREATE INDEX people_by_created ON people (created, id);
CREATE INDEX people_by_organisation_id_created ON people (organisation_id, created, id);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX sessions_by_created ON sessions (created, id);
CREATE INDEX sessions_by_expires ON sessions (expires, id);
CREATE INDEX sessions_by_person_id_created ON sessions (person_id, created, id);

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX uploads_by_created ON uploads (created, id);
CREATE INDEX uploads_by_person_id_created ON uploads (person_id, created, id);

CREATE TABLE story_runs (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    state TEXT NOT NULL,
    created BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX story_runs_by_created ON story_runs (created, id);
CREATE INDEX story_runs_by_work_id_created ON story_runs (work_id, created, id);
CREATE INDEX story_runs_by_state_created ON story_runs (state, created, id);

CREATE TABLE works (
    id TEXT NOT NULL PRIMARY KEY,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    created BIGINT NOT NULL,
    title_zh_folded TEXT NOT NULL,
    title_en_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX works_by_title_zh ON works (title_zh, id);
CREATE INDEX works_by_title_en ON works (title_en, id);
CREATE INDEX works_by_created ON works (created, id);

CREATE TABLE takes (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    name_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX takes_by_name ON takes (name, id);
CREATE INDEX takes_by_created ON takes (created, id);
CREATE INDEX takes_by_work_id_created ON takes (work_id, created, id);

CREATE TABLE masters (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    name_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX masters_by_name ON masters (name, id);
CREATE INDEX masters_by_created ON masters (created, id);
CREATE INDEX masters_by_work_id_created ON masters (work_id, created, id);

CREATE TABLE evidence (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    work_id TEXT NOT NULL,
    act TEXT NOT NULL,
    leaf_index BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    code_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX evidence_by_leaf_index ON evidence (leaf_index, id);
CREATE INDEX evidence_by_registered ON evidence (registered, id);
CREATE INDEX evidence_by_work_id_registered ON evidence (work_id, registered, id);
CREATE INDEX evidence_by_act_registered ON evidence (act, registered, id);

CREATE TABLE licences (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    licensee TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    state TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    created BIGINT NOT NULL,
    licensee_folded TEXT NOT NULL,
    title_zh_folded TEXT NOT NULL,
    title_en_folded TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX licences_by_work_id ON licences (work_id, id);
CREATE INDEX licences_by_licensee ON licences (licensee, id);
CREATE INDEX licences_by_title_zh ON licences (title_zh, id);
CREATE INDEX licences_by_title_en ON licences (title_en, id);
CREATE INDEX licences_by_state ON licences (state, id);
CREATE INDEX licences_by_starts_on ON licences (starts_on, id);
CREATE INDEX licences_by_price_minor ON licences (price_minor, id);
CREATE INDEX licences_by_work_id_created ON licences (work_id, created, id);
CREATE INDEX licences_by_state_licensee ON licences (state, licensee, id);
CREATE INDEX licences_by_state_title_zh ON licences (state, title_zh, id);
CREATE INDEX licences_by_state_title_en ON licences (state, title_en, id);
CREATE INDEX licences_by_state_starts_on ON licences (state, starts_on, id);
CREATE INDEX licences_by_state_price_minor ON licences (state, price_minor, id);

CREATE TABLE rights_in (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX rights_in_by_created ON rights_in (created, id);
CREATE INDEX rights_in_by_work_id_created ON rights_in (work_id, created, id);

CREATE TABLE matches (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    created BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX matches_by_created ON matches (created, id);
CREATE INDEX matches_by_work_id_created ON matches (work_id, created, id);
CREATE INDEX matches_by_verdict_created ON matches (verdict, created, id);

CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    work_id TEXT NOT NULL,
    state TEXT NOT NULL,
    created BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX cases_by_created ON cases (created, id);
CREATE INDEX cases_by_work_id_created ON cases (work_id, created, id);
CREATE INDEX cases_by_state_created ON cases (state, created, id);
