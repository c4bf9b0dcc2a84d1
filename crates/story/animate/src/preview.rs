//! The rendered picture of a clip, frame by frame, RGB24.
//!
//! Words: a *picture* is one frame of the preview (its own rate); a *frame* is one of the motion.
//! Invariant: picture `n` is the same bytes whatever was rendered before it.

use backlot_geom::glam::{DQuat, DVec3, Mat4, Vec3};
use backlot_geom::{HumanBone, MarkerTrajectories, Motion};

use crate::camera::{Camera, Path};
use crate::character::Character;
use crate::expression::{Expression, blink_at};
use crate::font;
use crate::raster::{Canvas, Corner, Region};
use crate::stage::{Lights, Set, Shadow};

/// Samples per pixel along each axis, on the figure.
const FINE: usize = 2;

#[derive(Debug, Clone)]
pub struct PreviewSettings {
    /// Pixels; 16 to 4096, made even (video encoders want that).
    pub width: usize,
    pub height: usize,
    pub frame_rate_hz: f64,
    pub seconds_max: f64,
    /// Drawn as dots, when given.
    pub markers: Option<MarkerTrajectories>,
    /// Markers are multiplied by this: the retarget report's `scale`.
    pub markers_scale: f64,
    /// Burnt in beside the timecode; only Latin letters, digits and plain marks can be drawn.
    pub title: String,
    /// Burn in title, timecode and frame number.
    pub burn_in: bool,
    /// Threads for one picture, at least 1.
    pub threads: usize,
}

impl Default for PreviewSettings {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 720,
            frame_rate_hz: 30.0,
            seconds_max: 60.0,
            markers: None,
            markers_scale: 1.0,
            title: String::new(),
            burn_in: true,
            threads: 1,
        }
    }
}

#[derive(Debug, thiserror::Error, PartialEq)]
pub enum PreviewError {
    #[error("a picture of {width} x {height} pixels; 16 to 4096 each way can be drawn")]
    Size { width: usize, height: usize },
    #[error("the frame rate {rate_hz} is not between 1 and 240 per second")]
    FrameRate { rate_hz: f64 },
    #[error("the motion has {joints} joints, the character 22; retarget the motion first")]
    NotRetargeted { joints: usize },
    #[error("the motion has no frame")]
    NoFrames,
}

/// A clip ready to be drawn.
#[derive(Debug, Clone)]
pub struct Preview {
    character: Character,
    motion: Motion,
    settings: PreviewSettings,
    pictures: usize,
    path: Path,
    lights: Lights,
    renderer: Renderer,
}

/// Buffers reused from picture to picture.
#[derive(Debug, Clone)]
struct Renderer {
    canvas: Canvas,
    shadow: Shadow,
    point: Vec<Vec3>,
    corner: Vec<Corner>,
}

impl Preview {
    /// # Errors
    /// Sizes and rates out of range, or a motion that is not on the character's bones.
    pub fn new(
        character: &Character,
        motion: &Motion,
        settings: PreviewSettings,
    ) -> Result<Self, PreviewError> {
        let joints = motion.skeleton.joints.len();
        if joints != HumanBone::ALL.len() {
            return Err(PreviewError::NotRetargeted { joints });
        }
        if motion.frames() == 0 {
            return Err(PreviewError::NoFrames);
        }
        let (width, height) = (settings.width & !1, settings.height & !1);
        if !(16..=4096).contains(&width) || !(16..=4096).contains(&height) {
            return Err(PreviewError::Size { width, height });
        }
        let rate_hz = settings.frame_rate_hz;
        if !(1.0..=240.0).contains(&rate_hz) {
            return Err(PreviewError::FrameRate { rate_hz });
        }
        let settings = PreviewSettings {
            width,
            height,
            ..settings
        };
        let length_secs = motion.duration_secs().min(settings.seconds_max.max(0.0));
        let pictures = ((length_secs * rate_hz).round() as usize).max(1);
        let hips: Vec<DVec3> = (0..pictures)
            .map(|picture| root_at(motion, picture as f64 / rate_hz))
            .collect();
        let height_m = character.settings.height_in_range_m();
        let path = Path::new(&hips, facing(motion), height_m, rate_hz);
        let lights = Lights::facing(path.facing_rad());
        let renderer = Renderer {
            canvas: Canvas::new(width * FINE, height * FINE),
            shadow: Shadow::new(),
            point: Vec::new(),
            corner: Vec::new(),
        };
        let (character, motion) = (character.clone(), motion.clone());
        Ok(Self {
            character,
            motion,
            settings,
            pictures,
            path,
            lights,
            renderer,
        })
    }

    /// Number of pictures.
    pub fn frame_count(&self) -> usize {
        self.pictures
    }

    pub fn width(&self) -> usize {
        self.settings.width
    }

    pub fn height(&self) -> usize {
        self.settings.height
    }

    /// Draws a picture into `out`, RGB24, rows top down; past the end, the last one.
    pub fn render(&mut self, picture: usize, out: &mut Vec<u8>) {
        let picture = picture.min(self.pictures - 1);
        let secs = picture as f64 / self.settings.frame_rate_hz;
        let aspect = self.settings.width as f32 / self.settings.height as f32;
        let camera = self.path.camera(picture, secs as f32, aspect);
        let centre = root_at(&self.motion, secs).as_vec3();
        let skin = skinning(&self.character, &self.motion, secs);
        let closed = blink_at(secs, self.character.settings.seed);
        out.resize(self.settings.width * self.settings.height * 3, 0);
        let region = self.renderer.figure(
            &self.character,
            &skin,
            closed,
            &camera,
            &self.lights,
            centre,
        );
        let region = self.draw_markers(secs, &camera, region);
        let (width, height) = (self.settings.width, self.settings.height);
        let set = Set {
            camera,
            centre_in_world_m: centre,
            width,
            height,
        };
        compose(&set, &self.renderer, region, self.settings.threads, out);
        if self.settings.burn_in {
            burn_in(&self.settings, picture, out);
        }
    }

    fn draw_markers(&mut self, secs: f64, camera: &Camera, region: Region) -> Region {
        let Some(markers) = &self.settings.markers else {
            return region;
        };
        let frames = markers.frames();
        if frames == 0 || !(markers.frame_rate_hz.is_finite() && markers.frame_rate_hz > 0.0) {
            return region;
        }
        let frame = ((secs * markers.frame_rate_hz).round() as usize).min(frames - 1);
        let canvas = &mut self.renderer.canvas;
        let full = Region {
            x0: 0,
            y0: 0,
            x1: canvas.width,
            y1: canvas.height,
        };
        // Markers may lie anywhere: what was not cleared for the figure is cleared for them.
        for part in around(full, region) {
            canvas.clear(part);
        }
        for point in markers.frame(frame).iter().flatten() {
            let clip = camera.clip_from_world((*point * self.settings.markers_scale).as_vec3());
            let radius = 0.011 * canvas.height as f32 * 0.5 / (camera.tan_half_height * clip.w);
            canvas.dot(
                clip,
                radius.max(1.3 * FINE as f32),
                Vec3::new(96.0, 235.0, 190.0),
            );
        }
        full
    }
}

/// The four bands of `full` outside `inner`.
fn around(full: Region, inner: Region) -> [Region; 4] {
    [
        Region {
            y1: inner.y0,
            ..full
        },
        Region {
            y0: inner.y1,
            ..full
        },
        Region {
            y0: inner.y0,
            y1: inner.y1,
            x1: inner.x0,
            ..full
        },
        Region {
            y0: inner.y0,
            y1: inner.y1,
            x0: inner.x1,
            ..full
        },
    ]
}

impl Renderer {
    /// Draws the figure's samples; returns where they may be.
    fn figure(
        &mut self,
        character: &Character,
        skin: &[Mat4; 22],
        closed: f32,
        camera: &Camera,
        lights: &Lights,
        centre: Vec3,
    ) -> Region {
        self.point.clear();
        self.corner.clear();
        let blink = &character.morphs[Expression::Blink as usize].delta_m;
        for (mesh, is_face) in [(&character.body, false), (&character.face, true)] {
            for (vertex, rest) in mesh.position_m.iter().enumerate() {
                let moved = if is_face {
                    blink[vertex] * closed
                } else {
                    Vec3::ZERO
                };
                let rest = *rest + moved;
                let (point, normal) = skinned(
                    skin,
                    mesh.joints[vertex],
                    mesh.weights[vertex],
                    rest,
                    mesh.normal[vertex],
                );
                let to_eye = (camera.eye_in_world_m - point).normalize_or_zero();
                let color = lights.shade(mesh.color_linear[vertex], normal, to_eye);
                self.point.push(point);
                self.corner.push(Corner {
                    clip: camera.clip_from_world(point),
                    color,
                });
            }
        }
        let region = self.covered();
        self.canvas.clear(region);
        let first = character.body.vertices() as u32;
        for triangle in &character.body.triangles {
            self.canvas
                .triangle(triangle.map(|index| self.corner[index as usize]), true);
        }
        for triangle in &character.face.triangles {
            self.canvas.triangle(
                triangle.map(|index| self.corner[(index + first) as usize]),
                true,
            );
        }
        self.shadow
            .cast(&self.point, &character.body.triangles, centre, lights.key);
        region
    }

    fn covered(&self) -> Region {
        let (width, height) = (self.canvas.width as f32, self.canvas.height as f32);
        let mut low = [f32::MAX; 2];
        let mut high = [f32::MIN; 2];
        for corner in &self.corner {
            if corner.clip.w < crate::raster::NEAR_M {
                // Something is beside the lens: anything may be covered.
                (low, high) = ([0.0; 2], [width, height]);
                break;
            }
            let x = (0.5 + 0.5 * corner.clip.x / corner.clip.w) * width;
            let y = (0.5 - 0.5 * corner.clip.y / corner.clip.w) * height;
            low = [low[0].min(x), low[1].min(y)];
            high = [high[0].max(x), high[1].max(y)];
        }
        let even = |value: f32, limit: f32| value.clamp(0.0, limit) as usize & !1;
        Region {
            x0: even(low[0] - 2.0, width),
            y0: even(low[1] - 2.0, height),
            x1: even(high[0] + 4.0, width),
            y1: even(high[1] + 4.0, height),
        }
    }
}

/// Linear-blend skinning of one vertex.
fn skinned(
    skin: &[Mat4; 22],
    joints: [u8; 4],
    weights: [u8; 4],
    rest: Vec3,
    normal: Vec3,
) -> (Vec3, Vec3) {
    if weights[0] == 255 {
        let matrix = &skin[joints[0] as usize];
        return (
            matrix.transform_point3(rest),
            matrix.transform_vector3(normal),
        );
    }
    let mut point = Vec3::ZERO;
    let mut direction = Vec3::ZERO;
    for (joint, weight) in joints.iter().zip(weights) {
        if weight == 0 {
            break;
        }
        let share = f32::from(weight) / 255.0;
        let matrix = &skin[*joint as usize];
        point += matrix.transform_point3(rest) * share;
        direction += matrix.transform_vector3(normal) * share;
    }
    (point, direction.normalize_or_zero())
}

/// `world_from_rest` of every bone at a moment, between frames.
fn skinning(character: &Character, motion: &Motion, secs: f64) -> [Mat4; 22] {
    let (frame, next, share) = moment(motion, secs);
    let mut world = [Mat4::IDENTITY; 22];
    let mut skin = [Mat4::IDENTITY; 22];
    for bone in HumanBone::ALL {
        let index = bone as usize;
        let (a, b) = (motion.frame(frame)[index], motion.frame(next)[index]);
        let turn: DQuat = a
            .slerp(if a.dot(b) < 0.0 { -b } else { b }, share)
            .normalize();
        let offset = match bone.parent() {
            None => motion.root_in_world_m[frame].lerp(motion.root_in_world_m[next], share),
            Some(_) => character.offset_in_parent_m(bone),
        };
        let local = Mat4::from_rotation_translation(turn.as_quat(), offset.as_vec3());
        world[index] = bone
            .parent()
            .map_or(local, |parent| world[parent as usize] * local);
        let rest = character.rest_in_world_m[index].as_vec3();
        skin[index] = world[index] * Mat4::from_translation(-rest);
    }
    skin
}

/// Frame, next frame and the share between them.
fn moment(motion: &Motion, secs: f64) -> (usize, usize, f64) {
    let last = motion.frames() - 1;
    let place = (secs * motion.frame_rate_hz).clamp(0.0, last as f64);
    let frame = place.floor() as usize;
    (frame, (frame + 1).min(last), place - frame as f64)
}

fn root_at(motion: &Motion, secs: f64) -> DVec3 {
    let (frame, next, share) = moment(motion, secs);
    motion.root_in_world_m[frame].lerp(motion.root_in_world_m[next], share)
}

/// Mean heading of the take's first second.
fn facing(motion: &Motion) -> DVec3 {
    let frames = (motion.frame_rate_hz.round() as usize).clamp(1, motion.frames());
    let sum: DVec3 = (0..frames)
        .map(|frame| motion.frame(frame)[0] * DVec3::Z)
        .sum();
    DVec3::new(sum.x, 0.0, sum.z)
        .try_normalize()
        .unwrap_or(DVec3::Z)
}

/// Rows of floor and backdrop with the figure's samples averaged on top.
fn compose(set: &Set, renderer: &Renderer, region: Region, threads: usize, out: &mut [u8]) {
    let rows_each = set.height.div_ceil(threads.clamp(1, 64));
    let stride = set.width * 3;
    let band = |first: usize, rows: &mut [u8]| {
        for (offset, row) in rows.chunks_exact_mut(stride).enumerate() {
            let y = first + offset;
            set.row(y, &renderer.shadow, row);
            if (region.y0..region.y1).contains(&(y * FINE)) {
                resolve_row(&renderer.canvas, region, y, row);
            }
        }
    };
    if threads <= 1 {
        band(0, out);
        return;
    }
    std::thread::scope(|scope| {
        for (index, rows) in out.chunks_mut(rows_each * stride).enumerate() {
            scope.spawn(move || band(index * rows_each, rows));
        }
    });
}

fn resolve_row(canvas: &Canvas, region: Region, y: usize, row: &mut [u8]) {
    for x in region.x0 / FINE..(region.x1 / FINE).min(row.len() / 3) {
        let mut sum = [0_u32; 4];
        for sample_y in 0..FINE {
            let start = (y * FINE + sample_y) * canvas.width + x * FINE;
            for sample in &canvas.color[start..start + FINE] {
                for channel in 0..4 {
                    sum[channel] += u32::from(sample[channel]);
                }
            }
        }
        let samples = (FINE * FINE) as u32;
        let uncovered = samples - sum[3] / 255;
        for channel in 0..3 {
            let behind = u32::from(row[x * 3 + channel]) * uncovered;
            row[x * 3 + channel] = ((sum[channel] + behind + samples / 2) / samples) as u8;
        }
    }
}

fn burn_in(settings: &PreviewSettings, picture: usize, out: &mut [u8]) {
    let rate = settings.frame_rate_hz.round().max(1.0) as usize;
    let (secs, frame) = (picture / rate, picture % rate);
    let code = format!(
        "{:02}:{:02}:{:02}:{frame:02}",
        secs / 3600,
        secs / 60 % 60,
        secs % 60
    );
    let title: String = settings
        .title
        .chars()
        .filter(char::is_ascii)
        .take(40)
        .collect();
    let scale = (settings.height / 360).max(1);
    let margin = 12 * scale;
    let low = settings
        .height
        .saturating_sub(margin + font::HEIGHT * scale);
    let line = format!("{code}  #{picture:05}");
    text(settings, &line, margin, low, scale, out);
    if !title.trim().is_empty() {
        let above = low.saturating_sub((font::HEIGHT + 4) * scale);
        text(settings, title.trim(), margin, above, scale, out);
    }
}

fn text(settings: &PreviewSettings, line: &str, x: usize, y: usize, scale: usize, out: &mut [u8]) {
    for (index, letter) in line.chars().enumerate() {
        for (row, bits) in font::rows(letter).into_iter().enumerate() {
            for column in (0..5).filter(|column| bits >> (4 - column) & 1 == 1) {
                let left = x + (index * font::ADVANCE + column) * scale;
                block(settings, left, y + row * scale, scale, out);
            }
        }
    }
}

fn block(settings: &PreviewSettings, left: usize, top: usize, scale: usize, out: &mut [u8]) {
    for y in top..(top + scale).min(settings.height) {
        for x in left..(left + scale).min(settings.width) {
            let at = (y * settings.width + x) * 3;
            for channel in &mut out[at..at + 3] {
                *channel = ((u32::from(*channel) + 3 * 236) / 4) as u8;
            }
        }
    }
}
