//! Characters: whole meshes, exact weights, different by seed, the same by settings.

use std::collections::HashMap;

use backlot_animate::{Build, CharacterSettings, Expression, SkinnedMesh, generate};

use crate::takes::character;

fn check_mesh(mesh: &SkinnedMesh) {
    let count = mesh.vertices();
    assert!(count > 100);
    assert_eq!([mesh.normal.len(), mesh.color_linear.len()], [count, count]);
    assert_eq!([mesh.joints.len(), mesh.weights.len()], [count, count]);
    for vertex in 0..count {
        let weights = mesh.weights[vertex];
        assert_eq!(weights.iter().map(|w| u32::from(*w)).sum::<u32>(), 255);
        for (joint, weight) in mesh.joints[vertex].iter().zip(weights) {
            assert!(*joint < 22);
            assert!(weight > 0 || *joint == 0, "an unused slot names a joint");
        }
        assert!((mesh.normal[vertex].length() - 1.0).abs() < 1e-3);
        assert!(mesh.position_m[vertex].is_finite());
        assert!(
            mesh.color_linear[vertex]
                .iter()
                .all(|c| (0.0..=1.0).contains(c))
        );
    }
    for triangle in &mesh.triangles {
        assert!(triangle.iter().all(|index| (*index as usize) < count));
        assert!(
            triangle[0] != triangle[1] && triangle[1] != triangle[2] && triangle[0] != triangle[2]
        );
    }
}

#[test]
fn every_build_gives_whole_meshes_that_stand_on_the_floor() {
    for (seed, build) in [Build::Slim, Build::Average, Build::Athletic, Build::Sturdy]
        .into_iter()
        .enumerate()
    {
        let settings = CharacterSettings {
            seed: seed as u64,
            build,
            height_m: 1.8,
            ..Default::default()
        };
        let character = generate(&settings);
        check_mesh(&character.body);
        check_mesh(&character.face);
        let heights = character.body.position_m.iter().map(|p| p.y);
        let low = heights.clone().fold(f32::MAX, f32::min);
        let high = heights.fold(f32::MIN, f32::max);
        assert!(low.abs() < 0.006, "soles at {low}");
        assert!((1.72..1.92).contains(&high), "top at {high}");
    }
}

#[test]
fn the_body_is_closed_and_winds_outwards() {
    // A hole or a flipped part: some directed edge without its opposite, or a negative volume.
    let body = character(3).body;
    let mut edges: HashMap<(u32, u32), i32> = HashMap::new();
    let mut volume = 0.0_f64;
    for [a, b, c] in &body.triangles {
        for (from, to) in [(a, b), (b, c), (c, a)] {
            *edges.entry((*from, *to)).or_default() += 1;
        }
        let [p, q, r] = [a, b, c].map(|i| body.position_m[*i as usize].as_dvec3());
        volume += p.dot(q.cross(r)) / 6.0;
    }
    for ((from, to), count) in &edges {
        assert_eq!(
            edges.get(&(*to, *from)),
            Some(count),
            "open edge {from}-{to}"
        );
    }
    assert!(
        (0.03..0.15).contains(&volume),
        "volume {volume} cubic metres"
    );
}

#[test]
fn the_seed_makes_the_figure() {
    assert_eq!(character(5), character(5));
    let looks: Vec<_> = (0..6).map(character).collect();
    for (index, a) in looks.iter().enumerate() {
        for b in &looks[index + 1..] {
            assert!(a.body.color_linear != b.body.color_linear);
        }
    }
}

#[test]
fn every_expression_moves_the_face_and_blink_closes_the_eyes() {
    let character = character(2);
    assert_eq!(character.morphs.len(), Expression::ALL.len());
    for (morph, expression) in character.morphs.iter().zip(Expression::ALL) {
        assert_eq!(morph.expression, expression);
        assert_eq!(morph.delta_m.len(), character.face.vertices());
        let most = morph.delta_m.iter().map(|d| d.length()).fold(0.0, f32::max);
        assert!(
            (0.002..0.05).contains(&most),
            "{expression:?} moves {most} m"
        );
    }
    // One-sided blinks together are the whole blink.
    let delta = |e: Expression| &character.morphs[e as usize].delta_m;
    for ((l, r), both) in delta(Expression::BlinkLeft)
        .iter()
        .zip(delta(Expression::BlinkRight))
        .zip(delta(Expression::Blink))
    {
        assert!((*l + *r - *both).length() < 1e-5);
    }
}

#[test]
fn absurd_settings_are_held_in_range() {
    for height_m in [f64::NAN, f64::INFINITY, -3.0, 0.0, 400.0] {
        let settings = CharacterSettings {
            height_m,
            authors: vec![],
            ..Default::default()
        };
        let top = generate(&settings).rest_in_world_m[5].y;
        assert!((0.9..2.0).contains(&top));
    }
}
