// HLS in browsers without it: hls.js light, loaded only when asked for.

/** Attaches `url` to `video`; returns how to take it off. Rejects when nothing can play HLS. */
export async function attachHls(
  video: HTMLVideoElement, url: string, failed: () => void,
): Promise<() => void> {
  const { default: Hls } = await import("hls.js/light");
  if (Hls.isSupported()) {
    const hls = new Hls({ enableWorker: false });
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (data.fatal) failed();
    });
    hls.loadSource(url);
    hls.attachMedia(video);
    return () => hls.destroy();
  }
  if (video.canPlayType("application/vnd.apple.mpegurl")) {
    video.src = url;
    return () => video.removeAttribute("src");
  }
  throw new Error("no HLS");
}
