// One master: frame-accurate player, digests, what the probe found, language versions.

import { useQuery } from "@tanstack/react-query";
import type { Master } from "../api.gen.ts";
import { api, fileUrl } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { FramePlayer } from "../player/frame-player.tsx";
import {
  ButtonLink, Card, Copyable, Download, Facts, Loading, PageHead, ProblemNote,
} from "../ui/basics.tsx";

export function MasterPage({ id }: { id: string }) {
  const { t } = useWords();
  const query = useQuery({ queryKey: ["master", id], queryFn: () => api.master(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const master = query.data;
  return (
    <>
      <PageHead title={master.name} sub={t(`origin-${master.origin}`)}
        back={{ href: "/masters", label: t("nav-masters") }} actions={
          <>
            <ButtonLink href={`/rights/works/${master.work_id}`} icon="rights"
              label={t("work-rights")} />
            <Download href={fileUrl(master.blob, masterFileName(master))}
              label={t("file-master")} />
          </>
        } />
      <div className="split">
        <div>
          <FramePlayer master={master} />
          <Digests master={master} />
        </div>
        <Side master={master} />
      </div>
    </>
  );
}

/** The probe's own container decides the ending; MP4 where it says nothing known. */
function masterFileName(master: Master): string {
  const format = (master.probe as { format?: { format_name?: string } } | null)?.format;
  const names = format?.format_name ?? "";
  const ending = names.includes("matroska") ? "mkv" : names.includes("mpegts") ? "ts"
    : names.includes("mxf") ? "mxf" : "mp4";
  const plain = master.name.replaceAll(/[\\/:*?"<>|]/g, "_").replace(/\.[a-z0-9]{2,4}$/i, "");
  return `${plain}.${ending}`;
}

function Digests({ master }: { master: Master }) {
  const { t } = useWords();
  return (
    <Card title={t("digests")}>
      <Facts rows={[
        [t("sha-256"), <Copyable key="a" text={master.sha256} label={t("sha-256")} />],
        [t("sm3"), <Copyable key="b" text={master.sm3} label={t("sm3")} />],
        [t("blake3"), <Copyable key="c" text={master.blake3} label={t("blake3")} />],
      ]} />
    </Card>
  );
}

interface ProbeStream {
  index?: number;
  codec_type?: string;
  codec_name?: string;
  profile?: string;
  pix_fmt?: string;
  color_space?: string;
  sample_rate?: string;
  channels?: number;
  bit_rate?: string;
  tags?: { language?: string };
}

function streamText(stream: ProbeStream): string {
  return [
    stream.codec_name, stream.profile, stream.pix_fmt, stream.color_space,
    stream.sample_rate && `${stream.sample_rate} Hz`,
    stream.channels && `${stream.channels} ch`, stream.tags?.language,
  ].filter(Boolean).join(" · ");
}

function Side({ master }: { master: Master }) {
  const { t, maybe } = useWords();
  const f = useFormat();
  const streams = (master.probe as { streams?: ProbeStream[] } | null)?.streams ?? [];
  return (
    <div className="column">
      <Card title={t("figures")}>
        <Facts rows={[
          [t("length"), f.duration(master.duration_us)],
          [t("picture"), t("pixels", {
            width: String(master.width), height: String(master.height),
          })],
          [t("rate"), t("fps-exact", {
            rate: f.number(master.frame_rate_num / master.frame_rate_den, 3),
            num: String(master.frame_rate_num), den: String(master.frame_rate_den),
          })],
          [t("size"), f.bytes(master.bytes)],
          [t("created"), f.moment(master.created)],
          ...streams.map((stream, index): [string, string] => [
            t("stream", { index: stream.index ?? index,
              kind: maybe(`stream-${stream.codec_type}`) ?? stream.codec_type ?? "" }),
            streamText(stream),
          ]),
        ]} />
      </Card>
      <Card title={t("language-versions")}>
        {master.subtitles.length === 0 && <p className="sub">{t("subtitles-none")}</p>}
        <ul className="plain">
          {master.subtitles.map((track) => (
            <li key={track.language} className="line">
              <span>{maybe(`language-${track.language}`) ?? track.language}</span>
              <span className="quiet">{t("cues", { count: track.cues })}</span>
              <Download href={fileUrl(track.blob, `${track.language}.vtt`)} label={t("webvtt")} />
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t("probe")}>
        <details>
          <summary>{t("probe-raw")}</summary>
          <pre className="code" tabIndex={0}>{JSON.stringify(master.probe, null, 2)}</pre>
        </details>
      </Card>
    </div>
  );
}
