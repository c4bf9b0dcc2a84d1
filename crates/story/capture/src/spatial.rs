//! Rotations from directions and from point sets.
//!
//! Sources: Horn, "Closed-form solution of absolute orientation using unit quaternions", JOSA A
//! 4(4), 1987 (rigid fit); cyclic Jacobi for the 4×4 symmetric eigenproblem.

use glam::{DMat3, DQuat, DVec3};

/// Right-handed basis whose first column is along `primary` and whose second lies in the plane of
/// `primary` and `secondary`; `None` when they are parallel or zero.
pub(crate) fn basis(primary: DVec3, secondary: DVec3) -> Option<DMat3> {
    let first = primary.try_normalize()?;
    let rest = secondary.try_normalize()?;
    let second = rest - first * rest.dot(first);
    if second.length() < 1e-6 {
        return None;
    }
    let second = second.normalize();
    Some(DMat3::from_cols(first, second, first.cross(second)))
}

/// Rotation that carries the direction pair (`from`, `from_hint`) onto (`to`, `to_hint`): the
/// first direction exactly, the second as well as the angle between them allows.
pub(crate) fn rotation_between(
    from: DVec3,
    from_hint: DVec3,
    to: DVec3,
    to_hint: DVec3,
) -> Option<DQuat> {
    let source = basis(from, from_hint)?;
    let target = basis(to, to_hint)?;
    Some(DQuat::from_mat3(&(target * source.transpose())).normalize())
}

/// Shortest rotation of `from` onto `to` (any lengths); identity when one is zero.
pub(crate) fn arc(from: DVec3, to: DVec3) -> DQuat {
    match (from.try_normalize(), to.try_normalize()) {
        (Some(from), Some(to)) => DQuat::from_rotation_arc(from, to).normalize(),
        _ => DQuat::IDENTITY,
    }
}

/// The turn about Y in `rotation`: where it carries +Z, seen from above.
pub(crate) fn heading_rad(rotation: DQuat) -> f64 {
    let ahead = rotation * DVec3::Z;
    if ahead.x.hypot(ahead.z) < 1e-6 {
        0.0
    } else {
        ahead.x.atan2(ahead.z)
    }
}

/// Angle between two rotations, radians, 0..=π.
#[cfg(test)]
pub(crate) fn angle_between_rad(a: DQuat, b: DQuat) -> f64 {
    2.0 * a.dot(b).abs().min(1.0).acos()
}

/// Least-squares rigid motion `target_from_source` of matched points (metres): rotation and
/// translation, or `None` below three points or when they lie on a line.
pub(crate) fn rigid_fit(source: &[DVec3], target: &[DVec3]) -> Option<(DQuat, DVec3)> {
    let count = source.len().min(target.len());
    if count < 3 {
        return None;
    }
    let mean = |points: &[DVec3]| points[..count].iter().sum::<DVec3>() / count as f64;
    let (source_mean, target_mean) = (mean(source), mean(target));
    if spread_off_line(&source[..count], source_mean) < 1e-3
        || spread_off_line(&target[..count], target_mean) < 1e-3
    {
        return None;
    }
    let mut s = [[0.0f64; 3]; 3];
    for (a, b) in source.iter().zip(target) {
        let (a, b) = ((*a - source_mean).to_array(), (*b - target_mean).to_array());
        for (row, a) in s.iter_mut().zip(a) {
            for (cell, b) in row.iter_mut().zip(b) {
                *cell += a * b;
            }
        }
    }
    let [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = s;
    let n = [
        [xx + yy + zz, yz - zy, zx - xz, xy - yx],
        [yz - zy, xx - yy - zz, xy + yx, zx + xz],
        [zx - xz, xy + yx, yy - xx - zz, yz + zy],
        [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ];
    let [w, x, y, z] = largest_eigenvector(n);
    let rotation = DQuat::from_xyzw(x, y, z, w);
    if !rotation.is_finite() || rotation.length() < 0.5 {
        return None;
    }
    let rotation = rotation.normalize();
    Some((rotation, target_mean - rotation * source_mean))
}

/// How far points stand off the line through their mean and the farthest of them, metres.
fn spread_off_line(points: &[DVec3], mean: DVec3) -> f64 {
    let far = points
        .iter()
        .map(|point| *point - mean)
        .fold(DVec3::ZERO, |best, arm| {
            if arm.length() > best.length() {
                arm
            } else {
                best
            }
        });
    let Some(line) = far.try_normalize() else {
        return 0.0;
    };
    points
        .iter()
        .map(|point| (*point - mean).cross(line).length())
        .fold(0.0, f64::max)
}

/// Eigenvector of the largest eigenvalue of a symmetric 4×4, by cyclic Jacobi rotations.
fn largest_eigenvector(mut a: [[f64; 4]; 4]) -> [f64; 4] {
    let mut v = [[0.0; 4]; 4];
    for (k, row) in v.iter_mut().enumerate() {
        row[k] = 1.0;
    }
    for _sweep in 0..16 {
        for p in 0..3 {
            for q in p + 1..4 {
                if a[p][q].abs() < 1e-300 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                rotate_plane(&mut a, &mut v, (p, q), (c, t * c));
            }
        }
    }
    let best = (0..4)
        .max_by(|i, j| a[*i][*i].total_cmp(&a[*j][*j]))
        .unwrap_or(0);
    [v[0][best], v[1][best], v[2][best], v[3][best]]
}

fn rotate_plane(
    a: &mut [[f64; 4]; 4],
    v: &mut [[f64; 4]; 4],
    (p, q): (usize, usize),
    (c, s): (f64, f64),
) {
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    let (upper, lower) = (a[p], a[q]);
    a[p] = std::array::from_fn(|k| c * upper[k] - s * lower[k]);
    a[q] = std::array::from_fn(|k| s * upper[k] + c * lower[k]);
    for row in v.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
}

/// Middle value of finite numbers; `None` for none. Sorts its own copy.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// Flips quaternion signs so that each frame is on the same half-sphere as the one before.
pub(crate) fn make_continuous(rotations: &mut [DQuat], joints: usize) {
    for index in joints..rotations.len() {
        if rotations[index].dot(rotations[index - joints]) < 0.0 {
            rotations[index] = -rotations[index];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{angle_between_rad, rigid_fit, rotation_between};
    use glam::{DQuat, DVec3};

    #[test]
    fn rigid_fit_recovers_known_motions() {
        let points = [
            DVec3::ZERO,
            DVec3::new(0.2, 0.0, 0.05),
            DVec3::new(0.0, 0.1, 0.0),
            DVec3::Z * 0.3,
        ];
        for k in 0..50 {
            let angle = k as f64 * 0.37;
            let axis = DVec3::new(angle.sin(), (2.0 * angle).cos(), 0.3).normalize();
            let truth = DQuat::from_axis_angle(axis, angle);
            let shift = DVec3::new(angle, -1.0, 2.0);
            let moved: Vec<DVec3> = points.iter().map(|p| truth * *p + shift).collect();
            let (rotation, translation) = rigid_fit(&points, &moved).unwrap();
            assert!(angle_between_rad(rotation, truth) < 1e-7, "turn {angle}");
            assert!((translation - shift).length() < 1e-9);
        }
    }

    #[test]
    fn points_on_a_line_give_no_pose() {
        let line = [DVec3::ZERO, DVec3::X, DVec3::X * 2.0];
        assert!(rigid_fit(&line, &line).is_none());
    }

    #[test]
    fn direction_pairs_map_exactly() {
        let turn = rotation_between(DVec3::X, DVec3::Z, DVec3::NEG_Y, DVec3::Z).unwrap();
        assert!((turn * DVec3::X - DVec3::NEG_Y).length() < 1e-12);
        assert!((turn * DVec3::Z - DVec3::Z).length() < 1e-12);
    }
}
