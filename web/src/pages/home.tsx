// Home: the six verbs with their counts and last figures, and the one next action.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { Link } from "wouter";
import { api, type Home } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import { SendingRow } from "../shell/drop.tsx";
import { Button, ButtonLink, Card, Loading, PageHead, ProblemNote } from "../ui/basics.tsx";
import { TextField } from "../ui/fields.tsx";
import { Icon, type IconName } from "../ui/icons.tsx";
import { StoryProgress } from "../ui/story.tsx";
import { send, useSendings } from "../uploads.ts";

interface Verb {
  name: string;
  href: string;
  icon: IconName;
  count: (counts: Home["counts"]) => number;
}

const verbs: Verb[] = [
  { name: "capture", href: "/takes", icon: "take", count: (c) => c.takes },
  { name: "animate", href: "/takes", icon: "bone", count: (c) => c.takes },
  { name: "master", href: "/masters", icon: "master", count: (c) => c.masters },
  { name: "register", href: "/ledger", icon: "ledger", count: (c) => c.evidence },
  { name: "license", href: "/rights", icon: "rights", count: (c) => c.licences },
  { name: "monitor", href: "/monitoring", icon: "monitoring", count: (c) => c.matches },
];

export function HomePage() {
  const { t } = useWords();
  const home = useQuery({ queryKey: ["home"], queryFn: api.home });
  if (home.isPending) return <Loading />;
  if (home.error && !home.data) {
    return <ProblemNote error={home.error} retry={() => void home.refetch()} />;
  }
  if (!home.data) return null;
  return (
    <>
      <PageHead title={t("home-title")} sub={t("product-line")} />
      <Rail counts={home.data.counts} />
      <NextAction home={home.data} />
      {home.data.last_run && (
        <Card title={t("last-run")} testid="last-run" actions={
          <ButtonLink href={`/runs/${home.data.last_run.id}`} look="quiet" label={t("details")} />
        }>
          <StoryProgress run={home.data.last_run} />
        </Card>
      )}
    </>
  );
}

function Rail({ counts }: { counts: Home["counts"] }) {
  const { t } = useWords();
  const f = useFormat();
  return (
    <ol className="story-rail" aria-label={t("story")}>
      {verbs.map((verb) => {
        const count = verb.count(counts);
        return (
          <li key={verb.name}>
            <Link href={verb.href} className="verb" data-testid={`verb-${verb.name}`}>
              <Icon name={verb.icon} size={22} />
              <span className="verb-name">{t(`verb-${verb.name}`)}</span>
              <span className="verb-count">{f.count(count)}</span>
              <span className="quiet">{t(`verb-${verb.name}-unit`, { count })}</span>
              {verb.name === "license" && counts.licences_paid > 0 && (
                <span className="quiet">{t("licences-paid", { count: counts.licences_paid })}</span>
              )}
              {verb.name === "monitor" && counts.cases > 0 && (
                <span className="quiet">{t("cases-open", { count: counts.cases })}</span>
              )}
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

function NextAction({ home }: { home: Home }) {
  const { t } = useWords();
  const mayRun = useMay("run-story");
  const running = home.last_run?.state === "running";
  const next = home.next_action;
  return (
    <div className="next-action">
      {next === "grant-licence" && (
        <ButtonLink href="/licences/new" icon="plus" label={t("next-grant-licence")} />
      )}
      {next === "review-match" && (
        <ButtonLink href="/monitoring" icon="monitoring" label={t("next-review-match")} />
      )}
      {mayRun && <RunStory running={running} first={!home.last_run} />}
    </div>
  );
}

function RunStory({ running, first }: { running: boolean; first: boolean }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const sendings = useSendings();
  const [titleZh, setTitleZh] = useState("");
  const [titleEn, setTitleEn] = useState("");
  const [open, setOpen] = useState(false);
  const ready = sendings.filter((one) => one.state === "done" && one.upload?.kind);
  const take = ready.findLast((one) => one.upload?.kind === "take")?.upload;
  const video = ready.findLast((one) => one.upload?.kind === "video")?.upload;
  const sending = sendings.some((one) => one.state === "sending" || one.state === "hashing"
    || one.state === "waiting");
  const start = useMutation({
    mutationFn: () => api.startStory({
      ...(titleZh.trim() ? { title_zh: titleZh.trim() } : {}),
      ...(titleEn.trim() ? { title_en: titleEn.trim() } : {}),
      ...(take ? { take_upload: take.id } : {}),
      ...(video ? { video_upload: video.id } : {}),
    }),
    onSuccess: (run) => {
      queries.setQueryData(["story-run", run.id], run);
      queries.setQueryData<Home>(["home"], (home) => home && { ...home, last_run: run });
    },
  });
  return (
    <section className="card run-story">
      <div className="run-main">
        <div>
          <h2>{t("run-title")}</h2>
          <p className="sub">{t(first ? "run-sub-first" : "run-sub")}</p>
        </div>
        <Button look="primary" icon="play" label={t("run-story")} testid="run-story"
          isDisabled={running || sending} isPending={start.isPending}
          onPress={() => start.mutate()} />
      </div>
      {start.error && <ProblemNote error={start.error} />}
      <details open={open || sendings.length > 0}
        onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("run-own-files")}</summary>
        <div className="run-own">
          <ChooseFiles />
          {sendings.map((one) => <SendingRow key={one.key} sending={one} />)}
          <div className="two">
            <TextField label={t("title-zh")} value={titleZh} onChange={setTitleZh} lang="zh-CN"
              maxLength={120} testid="run-title-zh" />
            <TextField label={t("title-en")} value={titleEn} onChange={setTitleEn} lang="en"
              maxLength={120} testid="run-title-en" />
          </div>
        </div>
      </details>
    </section>
  );
}

function ChooseFiles() {
  const { t } = useWords();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="choose">
      <Icon name="upload" size={26} />
      <div>
        <label htmlFor={id}>{t("choose-label")}</label>
        <p className="help">{t("choose-help")}</p>
        <input ref={input} id={id} type="file" multiple data-testid="choose-files"
          accept=".bvh,.c3d,video/*,.mkv,.mxf,.mov,.mp4,.ts"
          onChange={(event) => {
            send(event.target.files ?? []);
            event.target.value = "";
          }} />
      </div>
    </div>
  );
}
