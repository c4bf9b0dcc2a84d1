// One take: the character that moves as the performer did, its figures, warnings and files.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { api, fileUrl } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import {
  ButtonLink, Card, Download, Facts, Loading, Note, PageHead, ProblemNote,
} from "../ui/basics.tsx";

const TakePlayer = lazy(() => import("../three/take-player.tsx"));

export function TakePage({ id }: { id: string }) {
  const { t } = useWords();
  const f = useFormat();
  const query = useQuery({ queryKey: ["take", id], queryFn: () => api.take(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const take = query.data;
  return (
    <>
      <PageHead title={take.name} sub={t(`format-${take.source_format}`)}
        back={{ href: "/takes", label: t("nav-takes") }} actions={
          <ButtonLink href={`/runs/${take.run_id}`} label={t("story-run")} />
        } />
      <div className="split">
        <div>
          {take.clip_glb_blob ? (
            <Suspense fallback={<div className="stage"><Loading /></div>}>
              <TakePlayer take={take} />
            </Suspense>
          ) : <Note>{t("take-not-animated")}</Note>}
        </div>
        <div className="column">
          <Card title={t("figures")}>
            <Facts rows={[
              [t("length"), f.duration(take.duration_us)],
              [t("frames"), f.number(take.frames)],
              [t("rate"), t("hertz", { rate: f.number(take.frame_rate_hz, 3) })],
              [t("joints"), f.number(take.joints)],
              [t("markers"), f.number(take.markers)],
              [t("created"), f.moment(take.created)],
            ]} />
          </Card>
          <Card title={t("warnings")}>
            {take.warnings.length === 0
              ? <p className="sub">{t("warnings-none")}</p>
              : (
                <ul className="plain">
                  {take.warnings.map((line) => <li key={line}>{line}</li>)}
                </ul>
              )}
          </Card>
          <Card title={t("files")}>
            <div className="stack">
              {take.clip_glb_blob && (
                <Download href={fileUrl(take.clip_glb_blob, "clip.glb")}
                  label={t("file-clip-glb")} />
              )}
              {take.clip_bvh_blob && (
                <Download href={fileUrl(take.clip_bvh_blob, "clip.bvh")}
                  label={t("file-clip-bvh")} />
              )}
              {take.character_blob && (
                <Download href={fileUrl(take.character_blob, "character.vrm")}
                  label={t("file-character")} />
              )}
              {take.preview_blob && (
                <Download href={fileUrl(take.preview_blob, "preview.mp4")}
                  label={t("file-preview")} />
              )}
            </div>
          </Card>
        </div>
      </div>
    </>
  );
}
