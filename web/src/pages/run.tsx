// One story run with every figure, and links to what it made.

import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { useWords } from "../i18n.tsx";
import { ButtonLink, Card, Loading, PageHead, ProblemNote } from "../ui/basics.tsx";
import { StoryProgress } from "../ui/story.tsx";

export function RunPage({ id }: { id: string }) {
  const { t, pick } = useWords();
  const query = useQuery({ queryKey: ["story-run", id], queryFn: () => api.storyRun(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const run = query.data;
  return (
    <>
      <PageHead title={pick(run.title_zh, run.title_en)} sub={t("run-page-sub")}
        back={{ href: "/", label: t("nav-home") }} actions={
          <ButtonLink href={`/rights/works/${run.work_id}`} icon="rights"
            label={t("work-rights")} />
        } />
      {(run.take_source || run.video_source) && (
        <p className="sub">
          {t("run-sources", {
            files: [run.take_source, run.video_source].filter(Boolean)
              .map((source) => source?.file_name).join(" · "),
          })}
        </p>
      )}
      <Card>
        <StoryProgress run={run} full />
      </Card>
    </>
  );
}
