//! Rows: pages, filters, unique values, and names and texts that must not become SQL.

use super::{AnyStore, START, fact, licence, person};
use crate::SeededRandom;
use backlot_ports::records::{Licence, Person, Session, Work};
use backlot_ports::store::{
    Commit, Compare, Filter, Query, Record, RowPut, StoreError, Value, get, list,
};
use std::cmp::Ordering;

/// The index columns of every record of the port, from sample JSON of each record.
pub async fn every_record_has_its_table(store: AnyStore) {
    for put in crate::records::samples() {
        let (table, id, body) = (put.table, put.id.clone(), put.body.clone());
        let columns: Vec<_> = put.index.iter().map(|(name, _)| *name).collect();
        let mut commit = Commit::new("system", START);
        commit.puts.push(put);
        let done = store.commit(commit).await;
        assert!(done.is_ok(), "`{table}`: {done:?}");
        assert_eq!(store.row(table, &id).await.unwrap(), Some(body));
        for column in columns.into_iter().chain(["id"]) {
            let page = store.rows(table, &Query::by(column)).await.unwrap();
            assert_eq!(page.rows.len(), 1, "`{table}` by `{column}`");
        }
        let mut commit = Commit::new("system", START);
        commit.deletes.push((table, id.clone()));
        store.commit(commit).await.unwrap();
        assert_eq!(store.row(table, &id).await.unwrap(), None);
    }
}

pub async fn names_outside_the_schema_are_refused(store: AnyStore) {
    assert!(store.row("journal", "1").await.is_err());
    assert!(store.row("people; DROP TABLE people", "1").await.is_err());
    assert!(
        store
            .rows("people", &Query::by("password_hash"))
            .await
            .is_err()
    );
    assert!(store.rows("people", &Query::by("name; --")).await.is_err());
    let filter = Query::by("id").filter("1=1 OR name", Compare::Equal, "x");
    assert!(store.rows("people", &filter).await.is_err());
    assert!(store.count("sqlite_master", &[]).await.is_err());
    let mut put = RowPut::of(&person(1, "a@example.org")).unwrap();
    put.index.push(("extra", Value::Int(1)));
    let mut more = Commit::new("system", START);
    more.puts.push(put.clone());
    assert!(store.commit(more).await.is_err(), "an unknown column");
    put.index.truncate(2);
    let mut fewer = Commit::new("system", START);
    fewer.puts.push(put);
    assert!(store.commit(fewer).await.is_err(), "a missing column");
}

/// 211 rows with few distinct values, every order, both directions, several page sizes.
pub async fn pages_under_ties_show_every_row_once(store: AnyStore) {
    let mut random = SeededRandom::new(7);
    let mut commit = Commit::new("system", START);
    let mut all: Vec<Licence> = Vec::new();
    for n in 0..211 {
        let mut row = licence(n);
        row.title_zh = (*random.pick(&["无题", "不见长安", "a", "B", "é", "z"])).to_owned();
        row.price_minor = [0, -5, i64::MAX, i64::MIN, 7][usize::try_from(random.below(5)).unwrap()];
        commit = commit.put(&row).unwrap();
        all.push(row);
    }
    store.commit(commit).await.unwrap();
    type Order = fn(&Licence, &Licence) -> Ordering;
    let orders: [(&'static str, Order); 5] = [
        ("title_zh", |a, b| {
            (&a.title_zh, &a.id).cmp(&(&b.title_zh, &b.id))
        }),
        ("price_minor", |a, b| {
            (a.price_minor, &a.id).cmp(&(b.price_minor, &b.id))
        }),
        ("state", |a, b| (&a.state, &a.id).cmp(&(&b.state, &b.id))),
        ("created", |a, b| {
            (a.created, &a.id).cmp(&(b.created, &b.id))
        }),
        ("id", |a, b| a.id.cmp(&b.id)),
    ];
    for (column, order) in orders {
        for (descending, limit) in [
            (false, 1),
            (false, 50),
            (true, 7),
            (true, 211),
            (false, 500),
        ] {
            let mut expected: Vec<_> = all.clone();
            expected.sort_by(order);
            if descending {
                expected.reverse();
            }
            let mut query = Query::by(column).limit(limit);
            query.descending = descending;
            let mut found: Vec<Licence> = Vec::new();
            loop {
                let page = list::<Licence>(&*store, &query).await.unwrap();
                assert!(page.rows.len() <= limit as usize);
                found.extend(page.rows);
                match page.next {
                    Some(next) => query.after = Some(next),
                    None => break,
                }
            }
            assert!(
                found == expected,
                "by {column}, descending {descending}, {limit} a page"
            );
        }
    }
}

pub async fn filters_compare(store: AnyStore) {
    let mut commit = Commit::new("system", START);
    for n in 0..60 {
        let mut row = licence(n);
        row.price_minor = i64::try_from(n).unwrap();
        commit = commit.put(&row).unwrap();
    }
    store.commit(commit).await.unwrap();
    for (compare, value, expected) in [
        (Compare::Equal, 10, 1),
        (Compare::Less, 10, 10),
        (Compare::LessOrEqual, 10, 11),
        (Compare::Greater, 10, 49),
        (Compare::GreaterOrEqual, 10, 50),
    ] {
        let query = Query::by("price_minor")
            .filter("price_minor", compare, value)
            .limit(500);
        let page = list::<Licence>(&*store, &query).await.unwrap();
        assert_eq!(page.rows.len(), expected, "{compare:?}");
        let count = store.count(Licence::TABLE, &query.filters).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected);
    }
    let paid = Query::by("created")
        .filter("state", Compare::Equal, "paid")
        .filter("price_minor", Compare::Less, 30)
        .limit(500);
    assert_eq!(
        list::<Licence>(&*store, &paid).await.unwrap().rows.len(),
        10
    );
    let null = Query::by("id").filter("state", Compare::Equal, None::<String>);
    assert!(
        list::<Licence>(&*store, &null)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    let wrong = Query::by("id").filter("price_minor", Compare::Equal, "ten");
    assert!(
        store.rows(Licence::TABLE, &wrong).await.is_err(),
        "text against an integer column"
    );
}

/// A search over several columns pages like every list: every hit once, in order, both ways.
pub async fn any_column_may_contain_the_text(store: AnyStore) {
    let mut commit = Commit::new("system", START);
    for n in 0..600 {
        let mut row = licence(n);
        match n % 4 {
            0 => row.title_zh = format!("长安{n}"),
            1 => row.title_en = format!("To 长安 {n}"),
            2 => row.licensee = format!("长安影业 {n}"),
            _ => {}
        }
        commit = commit.put(&row).unwrap();
    }
    store.commit(commit).await.unwrap();
    let found = Filter::any_contains(&["licensee", "title_zh", "title_en"], "长安").unwrap();
    for descending in [false, true] {
        let mut query = Query::by("created").limit(70);
        query.descending = descending;
        query.filters.push(found.clone());
        let mut numbers: Vec<i64> = Vec::new();
        loop {
            let page = list::<Licence>(&*store, &query).await.unwrap();
            numbers.extend(page.rows.iter().map(|row| row.created.0 - START.0));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        let mut expected: Vec<i64> = (0..600).filter(|n| n % 4 != 3).collect();
        if descending {
            expected.reverse();
        }
        assert_eq!(numbers, expected);
    }
    let paid = Filter::new("state", Compare::Equal, "paid");
    let both = [found.clone(), paid];
    let table = Licence::TABLE;
    // 1, 4, 7 … of 0..600 are paid; of those every fourth has no hit.
    assert_eq!(store.count(table, &both).await.unwrap(), 150);
    assert_eq!(store.count_up_to(table, &both, 1000).await.unwrap(), 150);
    assert_eq!(store.count_up_to(table, &[found], 100).await.unwrap(), 100);
    assert!(Filter::any_contains(&[], "x").is_none());
}

pub async fn contains_is_literal_and_folds_case(store: AnyStore) {
    let titles = [
        "100% Proof",
        "100 Proof",
        "a_b",
        "aXb",
        "不见长安",
        "长安三万里",
        "Ärger",
        "!bang",
        "[x]\\y",
        "ПРИВЕТ",
    ];
    let mut commit = Commit::new("system", START);
    for (n, title) in titles.iter().enumerate() {
        let mut row = licence(n as u64);
        row.title_zh = (*title).to_owned();
        commit = commit.put(&row).unwrap();
    }
    store.commit(commit).await.unwrap();
    let cases: [(&str, &[&str]); 12] = [
        ("100%", &["100% Proof"]),
        ("%", &["100% Proof"]),
        ("_", &["a_b"]),
        ("A_B", &["a_b"]),
        ("PROOF", &["100% Proof", "100 Proof"]),
        ("长安", &["不见长安", "长安三万里"]),
        ("三万", &["长安三万里"]),
        ("ärg", &["Ärger"]),
        ("привет", &["ПРИВЕТ"]),
        ("!", &["!bang"]),
        ("]\\", &["[x]\\y"]),
        ("' OR 1=1 --", &[]),
    ];
    for (needle, expected) in cases {
        let query = Query::by("id").filter("title_zh", Compare::Contains, needle);
        let page = list::<Licence>(&*store, &query).await.unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| row.title_zh.as_str()).collect();
        assert_eq!(found, expected, "{needle}");
    }
    let huge = Query::by("id").filter("title_zh", Compare::Contains, "%".repeat(100_000));
    assert!(
        list::<Licence>(&*store, &huge)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
}

pub async fn cursors_are_strict(store: AnyStore) {
    let mut commit = Commit::new("system", START);
    for n in 0..5 {
        commit = commit.put(&licence(n)).unwrap();
    }
    store.commit(commit).await.unwrap();
    let query = Query::by("title_en").limit(2);
    let next = store
        .rows(Licence::TABLE, &query)
        .await
        .unwrap()
        .next
        .unwrap();
    assert_eq!(
        store
            .rows(Licence::TABLE, &query.clone().after(Some(next.clone())))
            .await
            .unwrap()
            .rows
            .len(),
        2
    );
    let other_order = Query::by("created").after(Some(next.clone()));
    let other_way = Query::by("title_en").descending().after(Some(next.clone()));
    let cut = query.clone().after(Some(next[..next.len() - 2].to_owned()));
    let long = query.clone().after(Some("0".repeat(1_000_000)));
    let texts = ["", "x", "00", "5b5d", "é", "\0", "' OR 1=1"];
    let wrong = texts.map(|text| query.clone().after(Some(text.to_owned())));
    for query in [other_order, other_way, cut, long].into_iter().chain(wrong) {
        let refused = store.rows(Licence::TABLE, &query).await;
        assert!(
            matches!(refused, Err(StoreError::Cursor(_))),
            "{:?}: {refused:?}",
            query.after
        );
    }
    let other_table = Query::by("title_en").after(Some(next));
    assert!(store.rows(Work::TABLE, &other_table).await.is_err());
}

pub async fn unique_values_are_taken_once(store: AnyStore) {
    let put = |n, email| Commit::new("system", START).put(&person(n, email)).unwrap();
    store.commit(put(1, "a@example.org")).await.unwrap();
    let taken = store
        .commit(put(2, "a@example.org").fact(fact("s", 1)))
        .await;
    assert!(
        matches!(taken, Err(StoreError::Taken { table: "people" })),
        "{taken:?}"
    );
    store.commit(put(1, "a@example.org")).await.unwrap();
    store.commit(put(1, "b@example.org")).await.unwrap();
    store.commit(put(2, "a@example.org")).await.unwrap();
    let both = (
        store.commit(put(3, "c@example.org")),
        store.commit(put(4, "c@example.org")),
    );
    let (left, right) = tokio::join!(both.0, both.1);
    assert!(left.is_ok() != right.is_ok());
    assert_eq!(store.count(Person::TABLE, &[]).await.unwrap(), 3);
}

pub async fn hostile_text_is_only_text(store: AnyStore) {
    let texts = [
        "'; DROP TABLE works; --",
        "\" OR \"\"=\"",
        "$1",
        "\\'",
        "\u{202e}abc",
        "𠮷野家 🎬",
    ];
    for (n, text) in texts.iter().enumerate() {
        let work = Work {
            id: format!("{n}-{text}"),
            title_zh: (*text).to_owned(),
            title_en: (*text).to_owned(),
            organisation_id: (*text).to_owned(),
            created: START,
        };
        store
            .commit(
                Commit::new(*text, START)
                    .fact(fact(text, 1))
                    .put(&work)
                    .unwrap(),
            )
            .await
            .unwrap();
        assert_eq!(get::<Work>(&*store, &work.id).await.unwrap(), Some(work));
        assert_eq!(store.stream(text).await.unwrap().len(), 1);
    }
    assert_eq!(store.count(Work::TABLE, &[]).await.unwrap(), 6);
    // Longer than any index row may be: the same answer on every engine, and nothing stays.
    let mut long = licence(1);
    long.title_zh = SeededRandom::new(1)
        .bytes::<4_000>()
        .iter()
        .map(|b| char::from(b % 90 + 33))
        .collect();
    let refused = store
        .commit(Commit::new("system", START).put(&long).unwrap())
        .await;
    assert!(refused.is_err(), "a title of 4,000 bytes");
    long.title_zh.truncate(2_000);
    long.licensee = "最".repeat(666);
    store
        .commit(Commit::new("system", START).put(&long).unwrap())
        .await
        .unwrap();
    let stream = "s".repeat(501);
    assert!(
        store
            .commit(Commit::new("system", START).fact(fact(&stream, 1)))
            .await
            .is_err()
    );
    // A NUL cannot be a column of every engine: refused on write, matches nothing on read.
    let nul = Query::by("id").filter("title_en", Compare::Contains, "a\0b");
    assert!(list::<Work>(&*store, &nul).await.unwrap().rows.is_empty());
    assert!(get::<Work>(&*store, "a\0b").await.unwrap().is_none());
    assert!(store.check_journal().await.unwrap().broken.is_none());
}

pub async fn health_counts(store: AnyStore) {
    store
        .commit(
            Commit::new("system", START)
                .fact(fact("s", 1))
                .fact(fact("s", 2)),
        )
        .await
        .unwrap();
    let session = Session {
        id: "s".into(),
        person_id: "p".into(),
        created: START,
        expires: START,
        user_agent: "x".into(),
    };
    store
        .commit(Commit::new("system", START).put(&session).unwrap())
        .await
        .unwrap();
    store
        .commit(Commit::new("system", START).delete::<Session>("s"))
        .await
        .unwrap();
    assert!(get::<Session>(&*store, "s").await.unwrap().is_none());
    let health = store.health().await.unwrap();
    assert_eq!(health.journal_rows, 2);
    assert!(health.bytes > 0 && health.schema_version > 0, "{health:?}");
    store.migrate().await.unwrap();
    assert_eq!(
        store.health().await.unwrap(),
        health,
        "migrating again changes nothing"
    );
}
