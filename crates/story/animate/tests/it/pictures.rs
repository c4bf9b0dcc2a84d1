//! The rasteriser on scenes small enough to know every pixel, and the preview as a whole.

use backlot_animate::camera::Camera;
use backlot_animate::preview::PreviewError;
use backlot_animate::raster::{Canvas, Corner};
use backlot_animate::{Preview, PreviewSettings};
use backlot_geom::MarkerTrajectories;
use backlot_geom::glam::{DVec3, Vec3, Vec4};

use crate::takes::{character, swaying, table_lamp, walking};

const RED: Vec3 = Vec3::new(255.0, 0.0, 0.0);
const BLUE: Vec3 = Vec3::new(0.0, 0.0, 255.0);

/// A corner at a sample position of a `size` canvas, at distance `w`.
fn corner(size: f32, x: f32, y: f32, w: f32, color: Vec3) -> Corner {
    let clip = Vec4::new((x / size * 2.0 - 1.0) * w, (1.0 - y / size * 2.0) * w, w, w);
    Corner { clip, color }
}

fn drawn(canvas: &Canvas) -> String {
    let rows = canvas.color.chunks(canvas.width).map(|row| {
        row.iter()
            .map(|c| match c {
                [_, _, _, 0] => '.',
                [r, _, b, _] if r > b => 'r',
                _ => 'b',
            })
            .collect::<String>()
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_triangle_covers_its_pixel_centres() {
    let mut canvas = Canvas::new(6, 6);
    let at = |x, y| corner(6.0, x, y, 1.0, RED);
    canvas.triangle([at(0.0, 0.0), at(0.0, 6.0), at(6.0, 6.0)], true);
    // Centres on the long edge belong to it only when it is a left or top edge: here it is a top
    // edge's neighbour on the right, so the diagonal belongs to the other triangle.
    let lower = drawn(&canvas);
    canvas.triangle([at(0.0, 0.0), at(6.0, 6.0), at(6.0, 0.0)], true);
    assert_eq!(
        drawn(&canvas),
        "rrrrrr\nrrrrrr\nrrrrrr\nrrrrrr\nrrrrrr\nrrrrrr"
    );
    let count = lower.matches('r').count();
    assert!(count == 15 || count == 21, "{lower}");
}

#[test]
fn a_shared_edge_is_drawn_once() {
    // Both halves of a square cover each sample exactly once: whichever comes first.
    for turn in 0..8 {
        let angle = turn as f32 * 0.4;
        let at = |x: f32, y: f32, color| {
            let (sin, cos) = angle.sin_cos();
            corner(
                16.0,
                8.0 + x * cos - y * sin,
                8.0 + x * sin + y * cos,
                1.0,
                color,
            )
        };
        let half = |color| {
            [
                [
                    at(-5.0, -5.0, color),
                    at(-5.0, 5.0, color),
                    at(5.0, 5.0, color),
                ],
                [
                    at(-5.0, -5.0, color),
                    at(5.0, 5.0, color),
                    at(5.0, -5.0, color),
                ],
            ]
        };
        let (mut one, mut two) = (Canvas::new(16, 16), Canvas::new(16, 16));
        one.triangle(half(RED)[0], true);
        one.triangle(half(BLUE)[1], true);
        two.triangle(half(BLUE)[1], true);
        two.triangle(half(RED)[0], true);
        assert_eq!(drawn(&one), drawn(&two), "turn {turn}");
    }
}

#[test]
fn the_nearer_triangle_wins_in_any_order() {
    let near = [(1.0, 1.0), (1.0, 7.0), (7.0, 7.0)].map(|(x, y)| corner(8.0, x, y, 2.0, RED));
    let far = [(0.0, 0.0), (0.0, 8.0), (8.0, 8.0)].map(|(x, y)| corner(8.0, x, y, 5.0, BLUE));
    let (mut one, mut two) = (Canvas::new(8, 8), Canvas::new(8, 8));
    one.triangle(near, true);
    one.triangle(far, true);
    two.triangle(far, true);
    two.triangle(near, true);
    assert_eq!(drawn(&one), drawn(&two));
    assert!(drawn(&one).contains('r') && drawn(&one).contains('b'));
}

#[test]
fn colour_is_interpolated_in_perspective() {
    // From w = 1 on the left to w = 3 on the right: at the middle of the screen the surface is a
    // quarter of the way along, not half.
    let mut canvas = Canvas::new(65, 65);
    let black = Vec3::ZERO;
    let (a, b) = (
        corner(65.0, 0.0, 0.0, 1.0, black),
        corner(65.0, 0.0, 65.0, 1.0, black),
    );
    let (c, d) = (
        corner(65.0, 65.0, 65.0, 3.0, RED),
        corner(65.0, 65.0, 0.0, 3.0, RED),
    );
    canvas.triangle([a, b, c], true);
    canvas.triangle([a, c, d], true);
    let middle = canvas.color[32 * 65 + 32][0];
    assert!((i32::from(middle) - 64).abs() <= 2, "{middle}");
}

#[test]
fn what_crosses_the_near_plane_is_cut_not_mirrored() {
    let camera = Camera::looking_at(Vec3::ZERO, Vec3::NEG_Z, 1.0, 1.0);
    let corner = |p: Vec3| Corner {
        clip: camera.clip_from_world(p),
        color: RED,
    };
    let mut canvas = Canvas::new(32, 32);
    // A floor triangle from far ahead to far behind the eye.
    let points = [
        Vec3::new(-4.0, -1.0, -20.0),
        Vec3::new(0.0, -1.0, 30.0),
        Vec3::new(4.0, -1.0, -20.0),
    ];
    canvas.triangle(points.map(corner), false);
    let picture = drawn(&canvas);
    let rows: Vec<&str> = picture.lines().collect();
    assert!(
        rows[..16].iter().all(|row| !row.contains('r')),
        "above the horizon:\n{picture}"
    );
    assert!(
        rows[31].contains('r'),
        "the floor reaches the lower edge:\n{picture}"
    );
    // Wholly behind: nothing.
    let mut canvas = Canvas::new(8, 8);
    canvas.triangle(
        [Vec3::Z, Vec3::Z + Vec3::X, Vec3::Z + Vec3::Y].map(corner),
        false,
    );
    assert!(!drawn(&canvas).contains('r'));
}

#[test]
fn numbers_that_are_none_draw_nothing() {
    let mut canvas = Canvas::new(8, 8);
    let bad = Corner {
        clip: Vec4::new(f32::NAN, 0.0, 1.0, 1.0),
        color: RED,
    };
    canvas.triangle([bad; 3], false);
    let huge = |x: f32, y: f32| Corner {
        clip: Vec4::new(x, y, 1.0, 1e-3),
        color: RED,
    };
    canvas.triangle(
        [huge(-1e30, -1e30), huge(1e30, -1e30), huge(0.0, 1e30)],
        false,
    );
    canvas.dot(Vec4::new(0.0, 0.0, 1.0, 1.0), f32::NAN, RED);
    assert!(!drawn(&canvas).contains('r'));
}

fn small(markers: Option<MarkerTrajectories>) -> PreviewSettings {
    PreviewSettings {
        width: 320,
        height: 180,
        markers,
        title: "Test".into(),
        ..Default::default()
    }
}

#[test]
fn a_preview_shows_the_performer_and_changes() {
    let character = character(1);
    let motion = walking(&character, 120, 1.0);
    let mut preview = Preview::new(&character, &motion, small(None)).unwrap();
    assert_eq!(preview.frame_count(), 60);
    let (mut first, mut late, mut again) = (Vec::new(), Vec::new(), Vec::new());
    preview.render(0, &mut first);
    preview.render(45, &mut late);
    preview.render(0, &mut again);
    assert_eq!(first.len(), 320 * 180 * 3);
    assert_eq!(first, again, "a picture depends only on its number");
    let differing = first
        .chunks(3)
        .zip(late.chunks(3))
        .filter(|(a, b)| a[0].abs_diff(b[0]) > 12)
        .count();
    assert!(differing > 900, "{differing} pixels differ");
    // The performer stands in the middle third, in saturated colours; the studio is grey.
    let vivid = |x: usize, y: usize| {
        let p = &first[(y * 320 + x) * 3..][..3];
        p.iter().max().unwrap() - p.iter().min().unwrap() > 28
    };
    let inside = (100..220)
        .flat_map(|x| (10..170).map(move |y| (x, y)))
        .filter(|(x, y)| vivid(*x, *y))
        .count();
    assert!(inside > 800, "{inside} vivid pixels");
    assert!((0..320).all(|x| !vivid(x, 2)));
}

#[test]
fn threads_do_not_change_the_picture() {
    let character = character(1);
    let motion = swaying(&character, 30);
    let (mut one, mut four) = (Vec::new(), Vec::new());
    Preview::new(&character, &motion, small(None))
        .unwrap()
        .render(7, &mut one);
    let settings = PreviewSettings {
        threads: 4,
        ..small(None)
    };
    Preview::new(&character, &motion, settings)
        .unwrap()
        .render(7, &mut four);
    assert_eq!(one, four);
}

#[test]
fn markers_are_drawn_and_bad_ones_are_not() {
    let character = character(1);
    let motion = walking(&character, 30, 1.0);
    let markers = MarkerTrajectories {
        labels: vec!["A".into(), "B".into(), "C".into()],
        frame_rate_hz: 60.0,
        point_in_world_m: vec![
            Some(DVec3::new(0.8, 1.2, 0.0)),
            None,
            Some(DVec3::new(f64::NAN, 0.0, 0.0)),
        ],
    };
    let green = |markers| {
        let mut out = Vec::new();
        Preview::new(&character, &motion, small(markers))
            .unwrap()
            .render(0, &mut out);
        out.chunks(3)
            .filter(|p| p[1] > p[0].saturating_add(50) && p[1] > 120)
            .count()
    };
    assert!(green(Some(markers)) > green(None));
}

#[test]
fn sizes_rates_and_strangers_are_refused() {
    let character = character(1);
    let motion = swaying(&character, 3);
    let size = PreviewSettings {
        width: 100_000,
        ..Default::default()
    };
    assert!(matches!(
        Preview::new(&character, &motion, size),
        Err(PreviewError::Size { .. })
    ));
    let rate = PreviewSettings {
        frame_rate_hz: f64::NAN,
        ..Default::default()
    };
    assert!(matches!(
        Preview::new(&character, &motion, rate),
        Err(PreviewError::FrameRate { .. })
    ));
    let stranger = Preview::new(&character, &table_lamp(), PreviewSettings::default());
    assert!(matches!(
        stranger,
        Err(PreviewError::NotRetargeted { joints: 3 })
    ));
}
