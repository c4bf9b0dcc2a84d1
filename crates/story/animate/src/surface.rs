//! A triangle surface of a solid: naive surface nets on a regular grid.
//!
//! Invariant: the surface is closed, its triangles wind counter-clockwise seen from outside.
//! Source: S. Gibson, "Constrained elastic surface nets", 1998; one vertex per crossed cell.

use backlot_geom::glam::Vec3;

use crate::shape::Solid;

/// Vertices and triangles of one solid, metres.
pub(crate) struct Surface {
    pub position_m: Vec<Vec3>,
    pub normal: Vec<Vec3>,
    pub triangles: Vec<[u32; 3]>,
}

struct Grid {
    low: Vec3,
    cell_m: f32,
    size: [usize; 3],
    value: Vec<f32>,
}

impl Grid {
    fn sample(solid: &Solid, cell_m: f32) -> Self {
        let (low, high) = solid.bounds();
        let low = low - Vec3::splat(2.0 * cell_m);
        let span = (high - low) / cell_m + Vec3::splat(3.0);
        let size = [span.x, span.y, span.z].map(|cells| (cells.ceil() as usize).clamp(2, 400));
        let mut value = Vec::with_capacity(size[0] * size[1] * size[2]);
        for z in 0..size[2] {
            for y in 0..size[1] {
                for x in 0..size[0] {
                    let point = low + Vec3::new(x as f32, y as f32, z as f32) * cell_m;
                    value.push(solid.distance_m(point));
                }
            }
        }
        Self {
            low,
            cell_m,
            size,
            value,
        }
    }

    fn index(&self, x: usize, y: usize, z: usize) -> usize {
        (z * self.size[1] + y) * self.size[0] + x
    }
}

const CORNERS: [[usize; 3]; 8] = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
    [0, 0, 1],
    [1, 0, 1],
    [0, 1, 1],
    [1, 1, 1],
];
const EDGES: [[usize; 2]; 12] = [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
    [0, 2],
    [1, 3],
    [4, 6],
    [5, 7],
    [0, 4],
    [1, 5],
    [2, 6],
    [3, 7],
];

/// Mesh of the zero level, `cell_m` apart.
pub(crate) fn surface_of(solid: &Solid, cell_m: f32) -> Surface {
    let grid = Grid::sample(solid, cell_m);
    let [nx, ny, nz] = grid.size;
    let mut vertex_of_cell = vec![u32::MAX; grid.value.len()];
    let mut surface = Surface {
        position_m: vec![],
        normal: vec![],
        triangles: vec![],
    };
    for z in 0..nz - 1 {
        for y in 0..ny - 1 {
            for x in 0..nx - 1 {
                if let Some(point) = cell_point(&grid, x, y, z) {
                    let point = settle(solid, point, cell_m);
                    vertex_of_cell[grid.index(x, y, z)] = surface.position_m.len() as u32;
                    surface.position_m.push(point);
                    surface.normal.push(solid.normal(point));
                }
            }
        }
    }
    stitch(&grid, &vertex_of_cell, &mut surface);
    surface
}

/// One Newton step onto the true surface, never further than half a cell.
fn settle(solid: &Solid, point: Vec3, cell_m: f32) -> Vec3 {
    let step = solid.distance_m(point).clamp(-0.4 * cell_m, 0.4 * cell_m);
    point - solid.normal(point) * step
}

fn cell_point(grid: &Grid, x: usize, y: usize, z: usize) -> Option<Vec3> {
    let value = CORNERS.map(|c| grid.value[grid.index(x + c[0], y + c[1], z + c[2])]);
    let inside = value.iter().filter(|v| **v < 0.0).count();
    if inside == 0 || inside == 8 {
        return None;
    }
    let mut sum = Vec3::ZERO;
    let mut crossings = 0.0;
    for [a, b] in EDGES {
        if (value[a] < 0.0) != (value[b] < 0.0) {
            let along = value[a] / (value[a] - value[b]);
            let at = |c: [usize; 3]| Vec3::new(c[0] as f32, c[1] as f32, c[2] as f32);
            sum += at(CORNERS[a]).lerp(at(CORNERS[b]), along);
            crossings += 1.0;
        }
    }
    let cell = Vec3::new(x as f32, y as f32, z as f32);
    Some(grid.low + (cell + sum / crossings) * grid.cell_m)
}

/// Joins the four cells round every crossed grid edge by two triangles.
fn stitch(grid: &Grid, vertex_of_cell: &[u32], surface: &mut Surface) {
    let [nx, ny, nz] = grid.size;
    for z in 1..nz - 1 {
        for y in 1..ny - 1 {
            for x in 1..nx - 1 {
                let here = grid.value[grid.index(x, y, z)] < 0.0;
                for axis in 0..3 {
                    let step = |a: usize| usize::from(axis == a);
                    let there = grid.value[grid.index(x + step(0), y + step(1), z + step(2))] < 0.0;
                    if here == there {
                        continue;
                    }
                    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
                    let cell = |du: usize, dv: usize| {
                        let mut at = [x, y, z];
                        at[u] -= du;
                        at[v] -= dv;
                        vertex_of_cell[grid.index(at[0], at[1], at[2])]
                    };
                    let quad = [cell(1, 1), cell(0, 1), cell(0, 0), cell(1, 0)];
                    push_quad(surface, quad, here);
                }
            }
        }
    }
}

fn push_quad(surface: &mut Surface, quad: [u32; 4], inside_first: bool) {
    let [a, b, c, d] = quad;
    let point = |i: u32| surface.position_m[i as usize];
    // The shorter diagonal gives the smoother surface.
    let split_ac = point(a).distance_squared(point(c)) <= point(b).distance_squared(point(d));
    let pair = if split_ac {
        [[a, b, c], [a, c, d]]
    } else {
        [[a, b, d], [b, c, d]]
    };
    for [i, j, k] in pair {
        surface
            .triangles
            .push(if inside_first { [i, j, k] } else { [i, k, j] });
    }
}
