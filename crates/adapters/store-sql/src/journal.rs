//! The journal: append under the head's lock, read, and re-hash.
//!
//! Invariant: `seq` is 1, 2, 3 … without gaps, `stream_seq` too inside a stream, `prev_hash` is the
//! hash of the row before, and the head repeats the last number and hash. A row taken off the end
//! is therefore found like any other change.

use crate::engine::SqlStore;
use crate::fault::{Doing, Fault, refused};
use crate::schema::check_name;
use crate::sql::{Sql, int, text};
use backlot_facts::{ChainedFact, GENESIS_HASH, NewFact, Sha256Hex, UtcMicros, chain_hash};
use backlot_ports::store::JournalCheck;
use sqlx::{AnyConnection, any::AnyRow};
use std::collections::HashMap;

const COLUMNS: &str = "SELECT seq, stream, stream_seq, kind, version, actor, at_us, body, \
                       prev_hash, hash FROM journal";
/// Rows one read of the check takes at a time.
const CHECK_ROWS: i64 = 500;
/// RFC 8785 numbers are doubles; larger integers would hash like their neighbours.
const EXACT_INT_MAX: u64 = (1 << 53) - 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

/// Locks the head until the transaction ends and reads it.
pub async fn lock_head(connection: &mut AnyConnection) -> Result<Head, Fault> {
    let lock = "UPDATE journal_head SET seq = seq WHERE id = 1 RETURNING seq, hash";
    let row = Sql::new(lock)
        .query()
        .fetch_one(connection)
        .await
        .doing("lock the journal")?;
    Ok(Head {
        seq: int(&row, "seq")?,
        hash: text(&row, "hash")?,
    })
}

pub async fn stream_version(connection: &mut AnyConnection, stream: &str) -> Result<i64, Fault> {
    let mut newest =
        Sql::new("SELECT COALESCE(MAX(stream_seq), 0) AS v FROM journal WHERE stream = ");
    newest.bind(stream);
    let row = newest
        .query()
        .fetch_one(connection)
        .await
        .doing("read a stream's version")?;
    int(&row, "v")
}

/// Numbers, chains and writes facts; the caller holds the head's lock.
pub async fn append(
    connection: &mut AnyConnection,
    mut head: Head,
    facts: &[NewFact],
    actor: &str,
    at: UtcMicros,
) -> Result<Head, Fault> {
    let mut versions: HashMap<&str, i64> = HashMap::new();
    for fact in facts {
        let version = match versions.get(fact.stream.as_str()) {
            Some(version) => *version,
            None => stream_version(connection, &fact.stream).await?,
        } + 1;
        versions.insert(&fact.stream, version);
        let chained = chain(&head, fact, version, actor, at)?;
        head = Head {
            seq: chained.seq,
            hash: chained.hash.as_str().to_owned(),
        };
        insert(connection, &chained).await?;
    }
    let mut store = Sql::new("UPDATE journal_head SET seq = ");
    store.bind(head.seq);
    store.push(", hash = ");
    store.bind(head.hash.as_str());
    store.push(" WHERE id = 1");
    store
        .query()
        .execute(connection)
        .await
        .doing("move the journal's head")?;
    Ok(head)
}

fn chain(
    head: &Head,
    fact: &NewFact,
    stream_seq: i64,
    actor: &str,
    at: UtcMicros,
) -> Result<ChainedFact, Fault> {
    let doing = "append to the journal";
    for (what, name) in [
        ("stream", fact.stream.as_str()),
        ("kind", &fact.kind),
        ("actor", actor),
    ] {
        check_name(doing, what, name)?;
    }
    if let Some(number) = inexact(&fact.body) {
        return Err(refused(
            doing,
            format!(
                "`{}` holds the integer {number}, beyond 2^53-1; write it as text (RFC 8785)",
                fact.kind,
            ),
        ));
    }
    let parse = |hash: &str| Sha256Hex::parse(hash).map_err(|e| refused(doing, e.to_string()));
    let mut chained = ChainedFact {
        seq: head.seq + 1,
        stream: fact.stream.clone(),
        stream_seq,
        kind: fact.kind.clone(),
        version: fact.version,
        actor: actor.to_owned(),
        at,
        body: fact.body.clone(),
        prev_hash: parse(&head.hash)?,
        hash: parse(GENESIS_HASH)?,
    };
    chained.hash = chain_hash(&chained).map_err(|e| refused(doing, e.to_string()))?;
    Ok(chained)
}

/// The first integer that a double cannot hold exactly.
fn inexact(body: &serde_json::Value) -> Option<String> {
    match body {
        serde_json::Value::Number(number) => {
            let unsigned = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs));
            unsigned
                .filter(|int| *int > EXACT_INT_MAX)
                .map(|_| number.to_string())
        }
        serde_json::Value::Array(items) => items.iter().find_map(inexact),
        serde_json::Value::Object(members) => members.values().find_map(inexact),
        _ => None,
    }
}

async fn insert(connection: &mut AnyConnection, fact: &ChainedFact) -> Result<(), Fault> {
    let mut insert = Sql::new(
        "INSERT INTO journal (seq, stream, stream_seq, kind, version, actor, at_us, body, \
         prev_hash, hash) VALUES ",
    );
    insert.bind_list([
        fact.seq.into(),
        fact.stream.as_str().into(),
        fact.stream_seq.into(),
        fact.kind.as_str().into(),
        i64::from(fact.version).into(),
        fact.actor.as_str().into(),
        fact.at.0.into(),
        fact.body.to_string().into(),
        fact.prev_hash.as_str().into(),
        backlot_ports::store::Value::from(fact.hash.as_str()),
    ]);
    insert
        .query()
        .execute(connection)
        .await
        .doing("append to the journal")?;
    Ok(())
}

pub async fn stream(store: &SqlStore, stream: &str) -> Result<Vec<ChainedFact>, Fault> {
    let mut select = Sql::new(COLUMNS);
    select.push(" WHERE stream = ");
    select.bind(stream);
    select.push(" ORDER BY stream_seq");
    read(store, select).await
}

pub async fn after(store: &SqlStore, seq: i64, limit: u32) -> Result<Vec<ChainedFact>, Fault> {
    let mut select = Sql::new(COLUMNS);
    select.push(" WHERE seq > ");
    select.bind(seq);
    select.push(" ORDER BY seq LIMIT ");
    select.bind(i64::from(limit));
    read(store, select).await
}

pub async fn audit(
    store: &SqlStore,
    before_seq: i64,
    actor: Option<&str>,
    stream: Option<&str>,
    limit: u32,
) -> Result<Vec<ChainedFact>, Fault> {
    let mut select = Sql::new(COLUMNS);
    select.push(" WHERE seq < ");
    select.bind(before_seq);
    for (column, wanted) in [(" AND actor = ", actor), (" AND stream = ", stream)] {
        if let Some(wanted) = wanted {
            if wanted.contains('\0') {
                return Ok(Vec::new());
            }
            select.push(column);
            select.bind(wanted);
        }
    }
    select.push(" ORDER BY seq DESC LIMIT ");
    select.bind(i64::from(limit));
    read(store, select).await
}

async fn read(store: &SqlStore, select: Sql) -> Result<Vec<ChainedFact>, Fault> {
    let rows = select
        .query()
        .fetch_all(store.readers())
        .await
        .doing("read the journal")?;
    rows.iter()
        .map(|row| {
            let seq = int(row, "seq")?;
            fact(row)?.map_err(|why| refused("read the journal", format!("row {seq}: {why}")))
        })
        .collect()
}

/// The fact of a row, or what is wrong with the row's own text.
fn fact(row: &AnyRow) -> Result<Result<ChainedFact, String>, Fault> {
    let body = serde_json::from_str(&text(row, "body")?);
    let hash = Sha256Hex::parse(&text(row, "hash")?);
    let prev_hash = Sha256Hex::parse(&text(row, "prev_hash")?);
    let version = u32::try_from(int(row, "version")?);
    let (body, hash, prev_hash, version) = match (body, hash, prev_hash, version) {
        (Ok(body), Ok(hash), Ok(prev_hash), Ok(version)) => (body, hash, prev_hash, version),
        (Err(_), ..) => return Ok(Err("the body is not JSON".to_owned())),
        (_, Err(_), ..) | (_, _, Err(_), _) => return Ok(Err("a hash is malformed".to_owned())),
        (.., Err(_)) => return Ok(Err("the version is out of range".to_owned())),
    };
    Ok(Ok(ChainedFact {
        seq: int(row, "seq")?,
        stream: text(row, "stream")?,
        stream_seq: int(row, "stream_seq")?,
        kind: text(row, "kind")?,
        version,
        actor: text(row, "actor")?,
        at: UtcMicros(int(row, "at_us")?),
        body,
        prev_hash,
        hash,
    }))
}

/// Re-reads and re-hashes every row up to the head, `CHECK_ROWS` at a time. Rows appended meanwhile
/// are left to the next check.
pub async fn check(store: &SqlStore) -> Result<JournalCheck, Fault> {
    let doing = "check the journal";
    // One statement, one snapshot: the head and the last row belong together.
    let head = "SELECT h.seq AS seq, h.hash AS hash, \
                (SELECT COALESCE(MAX(seq), 0) FROM journal) AS last_seq \
                FROM journal_head h WHERE h.id = 1";
    let row = Sql::new(head)
        .query()
        .fetch_optional(store.readers())
        .await
        .doing(doing)?;
    let Some(row) = row else {
        let broken = Some((0, "the journal's head is missing".to_owned()));
        return Ok(JournalCheck {
            rows: 0,
            broken,
            head_hash: GENESIS_HASH.to_owned(),
        });
    };
    let head = Head {
        seq: int(&row, "seq")?,
        hash: text(&row, "hash")?,
    };
    let last_seq = int(&row, "last_seq")?;
    let mut chain = Chain::new();
    while chain.broken.is_none() && chain.rows < head.seq {
        let mut select = Sql::new(COLUMNS);
        select.push(" WHERE seq > ");
        select.bind(chain.rows);
        select.push(" AND seq <= ");
        select.bind(head.seq);
        select.push(" ORDER BY seq LIMIT ");
        select.bind(CHECK_ROWS);
        let rows = select
            .query()
            .fetch_all(store.readers())
            .await
            .doing(doing)?;
        if rows.is_empty() {
            chain.broken = Some((chain.rows + 1, "the row is missing".to_owned()));
        }
        for row in &rows {
            chain.take(int(row, "seq")?, fact(row)?);
        }
    }
    if chain.broken.is_none() && last_seq > head.seq {
        chain.broken = Some((
            head.seq + 1,
            "the row stands after the journal's head".to_owned(),
        ));
    }
    if chain.broken.is_none() && chain.hash != head.hash {
        chain.broken = Some((
            head.seq,
            "the hash differs from the journal's head".to_owned(),
        ));
    }
    Ok(JournalCheck {
        rows: chain.rows,
        broken: chain.broken,
        head_hash: head.hash,
    })
}

/// What the check has read so far.
struct Chain {
    /// Rows that hold; the next one must have this number plus one.
    rows: i64,
    hash: String,
    /// Version of each stream, by the first 16 bytes of its name's hash.
    versions: HashMap<[u8; 16], i64>,
    broken: Option<(i64, String)>,
}

impl Chain {
    fn new() -> Self {
        let hash = GENESIS_HASH.to_owned();
        Self {
            rows: 0,
            hash,
            versions: HashMap::new(),
            broken: None,
        }
    }

    fn take(&mut self, seq: i64, fact: Result<ChainedFact, String>) {
        if self.broken.is_some() {
            return;
        }
        let expected = self.rows + 1;
        if seq != expected {
            self.broken = Some((expected, format!("the row is missing, {seq} follows")));
            return;
        }
        match fact.and_then(|fact| self.wrong_with(&fact).map_or(Ok(fact), Err)) {
            Ok(fact) => {
                self.rows = seq;
                self.hash = fact.hash.as_str().to_owned();
            }
            Err(why) => self.broken = Some((seq, why)),
        }
    }

    fn wrong_with(&mut self, fact: &ChainedFact) -> Option<String> {
        if fact.prev_hash.as_str() != self.hash {
            return Some("the previous hash is not the hash of the row before".to_owned());
        }
        match chain_hash(fact) {
            Ok(hash) if hash == fact.hash => {}
            Ok(_) => return Some("the hash does not match the row".to_owned()),
            Err(error) => return Some(error.to_string()),
        }
        let version = self.versions.entry(stream_key(&fact.stream)).or_insert(0);
        *version += 1;
        let expected = *version;
        (fact.stream_seq != expected).then(|| {
            let (stream, found) = (&fact.stream, fact.stream_seq);
            format!("`{stream}` continues with number {found}, expected {expected}")
        })
    }
}

fn stream_key(stream: &str) -> [u8; 16] {
    let mut key = [0; 16];
    let hash = backlot_facts::sha256_hex(stream.as_bytes());
    // 32 of 64 hex digits; a digest is always valid hex, so the key is never left at zero.
    let _ = hex::decode_to_slice(&hash.as_str()[..32], &mut key);
    key
}
