//! Searches: hits in any of several columns, paged like every list.
//!
//! Invariant: whatever the order, direction, filter and number of hits, the pages of a search hold
//! every hit once and in order. The oracle folds, filters and sorts in memory.

use super::{AnyStore, START, licence};
use backlot_ports::records::Licence;
use backlot_ports::store::{Commit, Compare, Filter, Query, Record, list};

const COLUMNS: &[&str] = &["licensee", "title_zh", "title_en"];
const ROWS: u64 = 1_500;

fn hits<'a>(all: &'a [Licence], needle: &str, state: Option<&str>) -> Vec<&'a Licence> {
    let needle = needle.to_lowercase();
    let holds = |text: &String| text.to_lowercase().contains(&needle);
    all.iter()
        .filter(|row| {
            [&row.licensee, &row.title_zh, &row.title_en]
                .into_iter()
                .any(holds)
        })
        .filter(|row| state.is_none_or(|state| row.state == state))
        .collect()
}

/// More hits than an adapter may gather at once, few, and none; ties in every order.
pub async fn searches_page_exactly_in_every_order(store: AnyStore) {
    let mut all = Vec::new();
    let mut commit = Commit::new("system", START);
    for n in 0..ROWS {
        let mut row = licence(n);
        row.price_minor = i64::try_from(n * 31 % 40).unwrap();
        row.title_zh = format!("第{}部", n % 90);
        match n % 6 {
            0 => row.title_zh.push_str("长安"),
            1 => row.title_en.push_str(" ÄRA 长安"),
            2 | 3 => row.licensee.push_str(" 长安 Éire"),
            4 => row.title_en.push_str("长安"),
            _ if n % 30 == 5 => row.title_en.push_str(" 100%_a"),
            _ => {}
        }
        commit = commit.put(&row).unwrap();
        all.push(row);
    }
    store.commit(commit).await.unwrap();
    let needles = [
        ("长安", 1_250),
        ("ära", 250),
        ("ÉIRE", 500),
        ("0%_A", 50),
        ("0%a", 0),
        ("_", 50),
    ];
    for (needle, expected) in needles {
        assert_eq!(
            hits(&all, needle, None).len(),
            expected,
            "the sample for {needle}"
        );
        for order in ["created", "title_zh", "price_minor", "id"] {
            for (descending, state) in [
                (false, None),
                (true, None),
                (false, Some("paid")),
                (true, Some("paid")),
            ] {
                let mut query = Query::by(order).limit(130);
                query.descending = descending;
                query.filters.extend(Filter::any_contains(COLUMNS, needle));
                let paid = state.map(|state| Filter::new("state", Compare::Equal, state));
                query.filters.extend(paid);
                pages_hold(&store, query, hits(&all, needle, state)).await;
            }
        }
    }
}

async fn pages_hold(store: &AnyStore, mut query: Query, mut expected: Vec<&Licence>) {
    let asked = format!("{query:?}");
    expected.sort_by(|a, b| {
        let order = match query.order_by {
            "created" => a.created.cmp(&b.created),
            "title_zh" => a.title_zh.cmp(&b.title_zh),
            "price_minor" => a.price_minor.cmp(&b.price_minor),
            _ => std::cmp::Ordering::Equal,
        };
        order.then_with(|| a.id.cmp(&b.id))
    });
    if query.descending {
        expected.reverse();
    }
    let counted = store
        .count_up_to(Licence::TABLE, &query.filters, 1_000)
        .await;
    assert_eq!(
        usize::try_from(counted.unwrap()).unwrap(),
        expected.len().min(1_000),
        "{asked}"
    );
    let mut found = Vec::new();
    loop {
        let page = list::<Licence>(&**store, &query).await.unwrap();
        found.extend(page.rows);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let same = found
        .iter()
        .map(|row| &row.id)
        .eq(expected.iter().map(|row| &row.id));
    assert!(
        same,
        "{} rows, expected {}: {asked}",
        found.len(),
        expected.len()
    );
}
