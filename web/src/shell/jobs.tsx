// The job tray: what the machine is doing now, with numbers, and how to stop or repeat it.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Link } from "wouter";
import type { Job } from "../api.gen.ts";
import { api } from "../api.ts";
import { useJobs } from "../events.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import {
  Badge, Button, Loading, Meter, problemOf, ProblemNote, useProblemText, type Tone,
} from "../ui/basics.tsx";
import { Sheet } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { SendingRow } from "./drop.tsx";
import { useSendings } from "../uploads.ts";

export const jobTones: Record<string, Tone> = {
  queued: "idle", running: "live", done: "good", failed: "bad", cancelled: "warn",
};

const shownInTray = 12;

export function JobTray() {
  const { t } = useWords();
  const jobs = useJobs();
  const sendings = useSendings();
  const busy = jobs.filter((job) => job.state === "running" || job.state === "queued").length
    + sendings.filter((one) => one.state === "sending" || one.state === "waiting").length;
  return (
    <DialogTrigger>
      <AriaButton className="button quiet square tool" data-testid="job-tray"
        data-busy={busy} aria-label={t("jobs-button", { count: busy })}>
        <Icon name="jobs" />
        {busy > 0 && <span className="count" aria-hidden="true">{busy}</span>}
      </AriaButton>
      <Popover className="popover tray" placement="bottom end">
        <Dialog className="dialog" aria-label={t("jobs")}>
          <header className="dialog-head">
            <h2>{t("jobs")}</h2>
            <Link href="/admin/jobs" className="quiet-link">{t("jobs-all")}</Link>
          </header>
          {sendings.map((one) => <SendingRow key={one.key} sending={one} />)}
          {jobs.length === 0 && sendings.length === 0 && (
            <p className="nothing">{t("jobs-empty")}</p>
          )}
          <ul className="job-list">
            {jobs.slice(0, shownInTray).map((job) => <JobRow key={job.id} job={job} />)}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

export function useJobWords() {
  const { t, maybe } = useWords();
  return {
    kind: (job: Job) => maybe(`job-${job.kind}`) ?? job.kind,
    stage: (job: Job) => {
      const slug = job.stage.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
      return (slug && maybe(`stage-${slug}`)) || job.stage;
    },
    state: (job: Job) => t(`job-state-${job.state}`),
  };
}

export function subjectHref(subject: string): string | null {
  const [kind, id] = subject.split("/");
  if (!id) return null;
  if (kind === "story-run") return `/runs/${id}`;
  if (kind === "take") return `/takes/${id}`;
  if (kind === "master") return `/masters/${id}`;
  if (kind === "evidence") return `/ledger/${id}`;
  if (kind === "licence") return `/licences/${id}`;
  if (kind === "match") return `/matches/${id}`;
  return null;
}

function JobRow({ job }: { job: Job }) {
  const words = useJobWords();
  const f = useFormat();
  const href = subjectHref(job.subject);
  return (
    <li className="job" data-testid="job" data-state={job.state}>
      <div className="job-head">
        {href ? <Link href={href}>{words.kind(job)}</Link> : <span>{words.kind(job)}</span>}
        <Badge tone={jobTones[job.state] ?? "idle"}>{words.state(job)}</Badge>
      </div>
      {job.state === "running" && <Meter ppm={job.progress_ppm} label={words.kind(job)} />}
      <div className="job-foot">
        <span className="quiet">
          {job.state === "running" && job.stage ? words.stage(job) : f.ago(job.updated)}
        </span>
        <JobActions job={job} />
      </div>
      {job.error && <p className="error">{job.error}</p>}
    </li>
  );
}

export function JobActions({ job }: { job: Job }) {
  const { t } = useWords();
  const mayManage = useMay("manage-jobs");
  const textOf = useProblemText();
  const [log, setLog] = useState(false);
  const act = (what: Promise<unknown>) => {
    what.catch((error: unknown) => toast("bad", textOf(problemOf(error))));
  };
  const active = job.state === "running" || job.state === "queued";
  const failed = job.state === "failed" || job.state === "cancelled";
  return (
    <span className="actions small">
      <Button look="quiet" label={t("job-log")} onPress={() => setLog(true)} />
      {mayManage && active && (
        <Button look="quiet" label={t("cancel")} isDisabled={job.cancel_requested}
          onPress={() => act(api.cancelJob(job.id))} />
      )}
      {mayManage && failed && (
        <Button look="quiet" label={t("retry")} onPress={() => act(api.retryJob(job.id))} />
      )}
      {log && <JobLog job={job} close={() => setLog(false)} />}
    </span>
  );
}

function JobLog({ job, close }: { job: Job; close: () => void }) {
  const { t } = useWords();
  const words = useJobWords();
  const f = useFormat();
  const log = useQuery({
    queryKey: ["job-log", job.id], queryFn: () => api.jobLog(job.id),
    refetchInterval: job.state === "running" ? 1000 : false,
  });
  return (
    <Sheet title={t("job-log-of", { kind: words.kind(job) })} open close={close} wide>
      {log.isPending && <Loading />}
      {log.error && <ProblemNote error={log.error} retry={() => void log.refetch()} />}
      {log.data?.lines.length === 0 && <p className="nothing">{t("job-log-empty")}</p>}
      {log.data && log.data.lines.length > 0 && (
        <pre className="code log" tabIndex={0}>
          {log.data.lines.map((line) => `${f.clock(line.at / 1000)}  ${line.line}`).join("\n")}
        </pre>
      )}
    </Sheet>
  );
}
