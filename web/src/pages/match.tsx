// One match: library and copy side by side on one clock, and which seconds agree.

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Match, MatchSegment } from "../api.gen.ts";
import { api, fileUrl } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useKeys } from "../player/keys.ts";
import {
  Badge, Button, ButtonLink, Card, Facts, Loading, PageHead, ProblemNote,
} from "../ui/basics.tsx";
import { writeUrlParam, readUrlParam } from "../url.ts";
import { matchedUs, verdictTones } from "./monitoring.tsx";

const driftSecs = 0.08;

export function MatchPage({ id }: { id: string }) {
  const { t } = useWords();
  const f = useFormat();
  const query = useQuery({ queryKey: ["match", id], queryFn: () => api.match(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const match = query.data;
  return (
    <>
      <PageHead title={match.suspect_name} sub={t("match-sub")}
        back={{ href: "/monitoring", label: t("nav-monitoring") }} actions={
          <>
            <Badge tone={verdictTones[match.verdict] ?? "idle"}>
              {t(`verdict-${match.verdict}`)}
            </Badge>
            {match.case_id && (
              <ButtonLink href={`/cases/${match.case_id}`} icon="warn" label={t("case-page")} />
            )}
          </>
        } />
      <p className="lead">{t(`verdict-${match.verdict}-why`, {
        seconds: f.duration(matchedUs(match)), count: match.segments.length,
      })}</p>
      <SideBySide match={match} />
      <Card title={t("figures")}>
        <Facts rows={[
          [t("score"), f.number(Math.round(match.score * 10) / 10)],
          [t("matched-time"), f.duration(matchedUs(match))],
          [t("segments"), f.number(match.segments.length)],
          [t("found"), f.moment(match.created)],
        ]} />
      </Card>
    </>
  );
}

function SideBySide({ match }: { match: Match }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const library = useRef<HTMLVideoElement>(null);
  const copy = useRef<HTMLVideoElement>(null);
  const master = useQuery({
    queryKey: ["master", match.master_id], enabled: match.master_id !== null,
    queryFn: () => api.master(match.master_id ?? ""),
  });
  const [at, setAt] = useState(() => Math.max(0, Number(readUrlParam("seg")) || 0));
  const [playing, setPlaying] = useState(false);
  const segment = match.segments[Math.min(at, match.segments.length - 1)];
  const offsetSecs = segment ? (segment.copy_start_us - segment.library_start_us) / 1e6 : 0;

  useEffect(() => {
    const lead = library.current ?? copy.current;
    if (!lead) return;
    const follow = () => {
      const other = copy.current;
      if (!other || lead === other) return;
      const wanted = Math.max(0, lead.currentTime + offsetSecs);
      if (Math.abs(other.currentTime - wanted) > driftSecs) other.currentTime = wanted;
    };
    const timer = window.setInterval(follow, 250);
    const ended = () => setPlaying(false);
    lead.addEventListener("seeked", follow);
    lead.addEventListener("ended", ended);
    return () => {
      window.clearInterval(timer);
      lead.removeEventListener("seeked", follow);
      lead.removeEventListener("ended", ended);
    };
  }, [offsetSecs, master.data]);

  const goTo = useCallback((index: number, one: MatchSegment) => {
    setAt(index);
    writeUrlParam("seg", index ? String(index) : null);
    if (library.current) library.current.currentTime = one.library_start_us / 1e6;
    if (copy.current) copy.current.currentTime = one.copy_start_us / 1e6;
  }, []);
  const toggle = () => {
    const next = !playing;
    setPlaying(next);
    for (const video of [library.current, copy.current]) {
      if (!video) continue;
      if (next) void video.play().catch(() => setPlaying(false));
      else video.pause();
    }
  };
  useKeys(box, { Space: toggle });
  return (
    <div className="player" ref={box} data-testid="match-player" data-playing={playing}
      data-offset={offsetSecs.toFixed(3)}>
      <div className="side-by-side">
        <figure>
          {master.data ? (
            <video ref={library} muted playsInline preload="auto"
              aria-label={t("match-library")}
              src={fileUrl(master.data.proxy_blob, "proxy.mp4")} />
          ) : <div className="no-video">{t("match-no-master")}</div>}
          <figcaption>
            {t("match-library")}
            {master.data && <span className="quiet">{master.data.name}</span>}
          </figcaption>
        </figure>
        <figure>
          {match.suspect_proxy_blob ? (
            <video ref={copy} muted playsInline preload="auto" aria-label={t("match-copy")}
              src={fileUrl(match.suspect_proxy_blob, "copy.mp4")} />
          ) : <div className="no-video">{t("match-no-copy")}</div>}
          <figcaption>
            {t("match-copy")}
            <span className="quiet">{match.suspect_name}</span>
          </figcaption>
        </figure>
      </div>
      <div className="transport">
        <Button look="primary" icon={playing ? "pause" : "play"} testid="match-play"
          label={t(playing ? "pause" : "play-both")} onPress={toggle} />
        <span className="quiet">{t("match-offset", { secs: offsetSecs.toFixed(2) })}</span>
      </div>
      <Segments match={match} durationUs={master.data?.duration_us ?? 0} at={at} goTo={goTo} />
    </div>
  );
}

function Segments({ match, durationUs, at, goTo }: {
  match: Match; durationUs: number; at: number; goTo: (index: number, one: MatchSegment) => void;
}) {
  const { t } = useWords();
  const f = useFormat();
  if (!match.segments.length) return null;
  const end = Math.max(durationUs, ...match.segments.map((one) => one.library_end_us), 1);
  const secs = (us: number) => (us / 1e6).toFixed(2);
  return (
    <>
      <div className="segment-bar" role="group" aria-label={t("segments-on-library")}>
        {match.segments.map((one, index) => (
          <button key={one.library_start_us} type="button" className={index === at ? "at" : ""}
            aria-pressed={index === at} onClick={() => goTo(index, one)}
            aria-label={t("segment-goto", {
              from: secs(one.library_start_us), to: secs(one.library_end_us),
            })}
            style={{
              insetInlineStart: `${(one.library_start_us / end) * 100}%`,
              width: `${((one.library_end_us - one.library_start_us) / end) * 100}%`,
            }} />
        ))}
      </div>
      <div className="table-scroll">
        <table aria-label={t("segments")} data-testid="segments">
          <thead>
            <tr>
              <th scope="col">{t("segment-library")}</th>
              <th scope="col">{t("segment-copy")}</th>
              <th scope="col" className="number">{t("segment-distance")}</th>
              <th scope="col">{t("segment-edits")}</th>
            </tr>
          </thead>
          <tbody>
            {match.segments.map((one, index) => (
              <tr key={one.library_start_us} className={index === at ? "selected" : ""}>
                <td data-label={t("segment-library")}>
                  <button type="button" className="linkish" onClick={() => goTo(index, one)}>
                    {t("span", { from: secs(one.library_start_us), to: secs(one.library_end_us) })}
                  </button>
                </td>
                <td data-label={t("segment-copy")}>
                  {t("span", { from: secs(one.copy_start_us), to: secs(one.copy_end_us) })}
                </td>
                <td data-label={t("segment-distance")} className="number">
                  {t("bits", { bits: f.number(one.mean_distance_bits, 1) })}
                </td>
                <td data-label={t("segment-edits")}>
                  {one.edits.length ? one.edits.map((edit) => t(`edit-${edit}`)).join(" · ")
                    : t("none")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
