//! Fragmented MP4 for HLS: one picture and one sound rendition, segments cut at key frames.
//!
//! The proxy is already what players need, so its streams are copied, not coded again. Key frames
//! come every 12 frames at most, so segments of about two seconds begin where they should.

use crate::encode::picture;
use crate::engine::{Args, FfmpegMedia, succeed};
use crate::staging::{Staged, io_error};
use backlot_master::Probe;
use backlot_master::boxes::codec_strings;
use backlot_master::hls::{MediaPlaylist, parse_media_playlist};
use backlot_ports::media::{HlsOutput, MediaControl, MediaError};
use std::path::Path;

const DOING: &str = "packaging for streaming";
const SEGMENT_SECS: &str = "2";

impl FfmpegMedia {
    pub(crate) fn make_hls(
        &self,
        proxy: &Path,
        target_dir: &Path,
        control: MediaControl<'_>,
    ) -> Result<HlsOutput, MediaError> {
        let probe = self.checked(proxy)?;
        let video = picture(&probe)?;
        if video.codec != "h264" {
            let reason = format!("HLS is made from the H.264 proxy, this is {}", video.codec);
            return Err(MediaError::NotMedia { reason });
        }
        if target_dir
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some())
        {
            let stderr_tail = format!("the folder {} is not empty", target_dir.display());
            return Err(MediaError::Failed {
                doing: DOING,
                stderr_tail,
            });
        }
        let staged = Staged::dir(target_dir)?;
        let mut args = self.head();
        self.source(&mut args, proxy);
        args.all(["-map", &format!("0:{}", video.index), "-c:v", "copy"]);
        rendition(&mut args, staged.path(), "video");
        let has_audio = !probe.audio.is_empty();
        if has_audio {
            args.all(["-map", "0:a:0"]);
            match probe.audio[0].codec.as_str() {
                "aac" => args.all(["-c:a", "copy"]),
                _ => args.all(["-c:a", "aac", "-b:a", "128k", "-ac", "2"]),
            }
            rendition(&mut args, staged.path(), "audio");
        }
        // Global options may stand anywhere; the last output is complete without them.
        args.0.insert(0, "pipe:1".into());
        args.0.insert(0, "-progress".into());
        let job = self.job(args, DOING, self.limit(probe.duration_us));
        succeed(DOING, job.run_with_progress(control, probe.duration_us)?)?;
        let output = describe(staged.path(), &probe, has_audio)?;
        staged.commit()?;
        (control.on_progress)(1.0);
        Ok(output)
    }
}

fn rendition(args: &mut Args, dir: &Path, name: &str) {
    args.all([
        "-f",
        "hls",
        "-hls_time",
        SEGMENT_SECS,
        "-hls_playlist_type",
        "vod",
    ]);
    args.all([
        "-hls_segment_type",
        "fmp4",
        "-hls_flags",
        "independent_segments",
    ]);
    args.all([
        "-hls_fmp4_init_filename",
        &format!("{name}-init.mp4"),
        "-hls_segment_filename",
    ]);
    // A per cent sign in the folder's name would be read as part of the pattern.
    let dir_text = dir.to_string_lossy().replace('%', "%%");
    args.0.push(format!("{dir_text}/{name}-%05d.m4s").into());
    args.0.push(dir.join(format!("{name}.m3u8")).into());
}

/// Reads the package back: what is not there is not promised.
fn describe(dir: &Path, probe: &Probe, has_audio: bool) -> Result<HlsOutput, MediaError> {
    let broken = |what: String| MediaError::Failed {
        doing: DOING,
        stderr_tail: what,
    };
    let (video, video_codec) = read_rendition(dir, "video")?;
    let audio = has_audio
        .then(|| read_rendition(dir, "audio"))
        .transpose()?;
    let entries = dir.read_dir().map_err(|e| io_error("list", dir, e))?;
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    files.sort();
    let stream = picture(probe)?;
    let grid_us = video.grid_us();
    let playlists: Vec<&MediaPlaylist> = std::iter::once(&video)
        .chain(audio.as_ref().map(|(list, _)| list))
        .collect();
    let (mut peak, mut mean) = (0, 0);
    for list in playlists {
        let (list_peak, list_mean) = bit_rates(dir, list)?;
        peak += list_peak;
        mean += list_mean;
    }
    if grid_us.is_empty() {
        return Err(broken("it wrote no segment".to_owned()));
    }
    Ok(HlsOutput {
        files,
        video_playlist: "video.m3u8".to_owned(),
        audio_playlist: audio.as_ref().map(|_| "audio.m3u8".to_owned()),
        segment_grid_us: grid_us,
        video_codec,
        audio_codec: audio.map(|(_, codec)| codec),
        width: stream.width,
        height: stream.height,
        frame_rate: stream.cfr_rate(),
        peak_bits_per_sec: peak,
        mean_bits_per_sec: mean,
    })
}

fn read_rendition(dir: &Path, name: &str) -> Result<(MediaPlaylist, String), MediaError> {
    let broken = |what: String| MediaError::Failed {
        doing: DOING,
        stderr_tail: what,
    };
    let path = dir.join(format!("{name}.m3u8"));
    let text = std::fs::read_to_string(&path).map_err(|e| io_error("read", &path, e))?;
    let list = parse_media_playlist(&text).map_err(|e| broken(format!("{name}.m3u8: {e}")))?;
    let init = dir.join(format!("{name}-init.mp4"));
    let bytes = std::fs::read(&init).map_err(|e| io_error("read", &init, e))?;
    let codec = codec_strings(&bytes).into_iter().next();
    let codec = codec.ok_or_else(|| broken(format!("{name}-init.mp4 names no known codec")))?;
    Ok((list, codec))
}

/// Peak and mean bits per second over the segments of a list.
fn bit_rates(dir: &Path, list: &MediaPlaylist) -> Result<(u64, u64), MediaError> {
    let (mut peak, mut all_bits, mut all_us) = (0u64, 0u64, 0u64);
    for (name, duration_us) in &list.segments {
        let path = dir.join(name);
        let bits = std::fs::metadata(&path)
            .map_err(|e| io_error("find", &path, e))?
            .len()
            * 8;
        let duration_us = (*duration_us).max(1) as u64;
        all_bits += bits;
        all_us += duration_us;
        peak = peak.max(bits * 1_000_000 / duration_us.max(500_000));
    }
    let mean = (u128::from(all_bits) * 1_000_000 / u128::from(all_us.max(1))) as u64;
    Ok((peak.max(mean), mean))
}
