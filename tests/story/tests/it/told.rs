//! The story told once per store; every number that matters is asserted.

use crate::house::{START, open, stores, without_ffmpeg};
use backlot_flows::story::{self, StartStory};
use backlot_flows::{House, accounts, evidence, worker};
use backlot_ports::records::{Case, Evidence, Licence, Master, Match, StoryRun, Take};
use backlot_ports::store::{self, Query, Record};
use backlot_register::verify;

#[tokio::test(flavor = "multi_thread")]
async fn a_performance_becomes_a_paid_licence() {
    if without_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (number, url) in stores(folder.path()).await.iter().enumerate() {
        let dir = folder.path().join(format!("house-{number}"));
        std::fs::create_dir_all(&dir).unwrap();
        let house = open(&dir, url, 7).await;
        let run = tell(&house).await;
        assert_eq!(run.state, "done", "{:?}", run.error);
        performed(&house).await;
        mastered(&house).await;
        registered(&house).await;
        licensed(&house).await;
        watched(&house).await;
        let journal = house.store.check_journal().await.unwrap();
        assert_eq!(journal.broken, None);
    }
}

async fn tell(house: &House) -> StoryRun {
    accounts::first_run(house)
        .await
        .unwrap()
        .expect("a fresh house has no people");
    let request = StartStory {
        title_zh: Some("试拍".to_owned()),
        title_en: Some("Camera test".to_owned()),
        organisation_id: story::home_organisation(house).await.unwrap(),
        actor: "system".to_owned(),
        ..StartStory::default()
    };
    let run = story::start(house, request).await.unwrap();
    while worker::run_next(house, worker::EVERY_KIND).await.unwrap() {}
    store::get::<StoryRun>(house.store.as_ref(), &run.id)
        .await
        .unwrap()
        .unwrap()
}

async fn all<R: Record>(house: &House) -> Vec<R> {
    store::list::<R>(house.store.as_ref(), &Query::by("id"))
        .await
        .unwrap()
        .rows
}

async fn performed(house: &House) {
    let takes: Vec<Take> = all(house).await;
    assert_eq!(takes.len(), 1);
    let clip = house
        .blobs
        .read(takes[0].clip_glb_blob.as_ref().unwrap())
        .await
        .unwrap();
    assert_eq!(&clip[..4], b"glTF");
    let bvh = house
        .blobs
        .read(takes[0].clip_bvh_blob.as_ref().unwrap())
        .await
        .unwrap();
    assert!(bvh.starts_with(b"HIERARCHY"));
}

/// Six seconds at thirty pictures a second, 1280×720, subtitles in two languages.
async fn mastered(house: &House) {
    let masters: Vec<Master> = all(house).await;
    assert_eq!(masters.len(), 1);
    let master = &masters[0];
    assert_eq!(
        (master.width, master.height, master.proxy_frames),
        (1280, 720, 180)
    );
    assert_eq!((master.frame_rate_num, master.frame_rate_den), (30, 1));
    assert!(
        (master.duration_us - 6_000_000).abs() < 40_000,
        "{}",
        master.duration_us
    );
    let languages: Vec<&str> = master
        .subtitles
        .iter()
        .map(|t| t.language.as_str())
        .collect();
    assert_eq!(languages, ["zh-Hans", "en"]);
    let playlist = house.blobs.read(&master.hls["main.m3u8"]).await.unwrap();
    let playlist = String::from_utf8(playlist.to_vec()).unwrap();
    assert!(
        playlist.contains("TYPE=SUBTITLES") && playlist.contains("RESOLUTION=1280x720"),
        "{playlist}"
    );
    for line in playlist
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        assert!(
            master.hls.contains_key(line),
            "{line} is not in the package"
        );
    }
}

async fn registered(house: &House) {
    let all_evidence: Vec<Evidence> = all(house).await;
    let acts: Vec<&str> = all_evidence.iter().map(|e| e.act.as_str()).collect();
    assert!(
        acts.contains(&"work-registered") && acts.contains(&"infringement-found"),
        "{acts:?}"
    );
    for entry in &all_evidence {
        assert_eq!(entry.signed_by.len(), 4, "all four authorities sign");
        let package = evidence::package(house, &entry.id).await.unwrap();
        let verdict = verify(&package, &[], None);
        assert!(verdict.is_proven(), "{:?}", verdict.failures);
    }
    assert_eq!(house.authorities.status().unwrap().size, 2);
}

async fn licensed(house: &House) {
    let licences: Vec<Licence> = all(house).await;
    assert_eq!(licences.len(), 3);
    let paid: Vec<&Licence> = licences.iter().filter(|l| l.state == "paid").collect();
    assert_eq!(paid.len(), 1);
    let payment = &paid[0].payments[0];
    let shares: Vec<i64> = payment.shares.iter().map(|s| s.amount_minor).collect();
    // 12,345,677 × 55 %, 28.33 %, 16.67 % = 6,790,122.35, 3,497,530.2941, 2,058,024.3559: the
    // missing unit goes to the largest remainder, the last.
    assert_eq!(shares, [6_790_122, 3_497_530, 2_058_025]);
    assert_eq!(shares.iter().sum::<i64>(), payment.amount_minor);
    assert!(licences.iter().all(|l| l.created.0 - START.0 < 10));
}

async fn watched(house: &House) {
    let mut matches: Vec<Match> = all(house).await;
    matches.sort_by(|a, b| a.suspect_name.cmp(&b.suspect_name));
    assert_eq!(matches.len(), 2);
    assert_eq!(
        (matches[0].verdict.as_str(), matches[1].master_id.as_deref()),
        ("match", None)
    );
    let segment = &matches[0].segments[0];
    assert!(
        (segment.library_start_us - segment.copy_start_us).abs() < 500_000,
        "{segment:?}"
    );
    assert!(
        segment.library_end_us - segment.library_start_us > 3_000_000,
        "{segment:?}"
    );
    let cases: Vec<Case> = all(house).await;
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].match_id, matches[0].id);
}
