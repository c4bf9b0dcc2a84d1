// Jobs of the house, and how the house itself is.

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { JobActions, jobTones, subjectHref, useJobWords } from "../shell/jobs.tsx";
import { Badge, Card, Empty, Facts, Loading, Meter, ProblemNote } from "../ui/basics.tsx";
import { FilterSelect } from "../ui/table.tsx";
import { useUrlParam } from "../url.ts";
import { AuthorityCard } from "./ledger.tsx";

export function JobsPart() {
  const { t } = useWords();
  const f = useFormat();
  const words = useJobWords();
  const [state] = useUrlParam("state");
  const query = useQuery({
    queryKey: ["jobs", state], queryFn: () => api.jobs({ state }), refetchInterval: 5000,
  });
  const rows = query.data?.rows ?? [];
  return (
    <>
      <div className="filters">
        <FilterSelect name="state" label={t("state")} options={[
          ["", t("all")], ...Object.keys(jobTones).map((key): [string, string] =>
            [key, t(`job-state-${key}`)]),
        ]} />
      </div>
      {query.isPending && <Loading />}
      {query.error && <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && (
        <Empty icon="jobs" title={t("jobs-none")} why={t("jobs-empty")} />
      )}
      {rows.length > 0 && (
        <div className="table-scroll">
          <table aria-label={t("admin-jobs")} data-testid="jobs-table">
            <thead>
              <tr>
                <th scope="col">{t("job")}</th>
                <th scope="col">{t("state")}</th>
                <th scope="col">{t("progress")}</th>
                <th scope="col" className="number">{t("attempt")}</th>
                <th scope="col">{t("changed")}</th>
                <th scope="col">{t("actions")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((job) => {
                const href = subjectHref(job.subject);
                return (
                  <tr key={job.id}>
                    <td data-label={t("job")}>
                      {href ? <Link href={href}>{words.kind(job)}</Link> : words.kind(job)}
                    </td>
                    <td data-label={t("state")}>
                      <Badge tone={jobTones[job.state] ?? "idle"}>{words.state(job)}</Badge>
                    </td>
                    <td data-label={t("progress")}>
                      <Meter ppm={job.state === "done" ? 1_000_000 : job.progress_ppm}
                        label={words.kind(job)} />
                      {job.error && <span className="error">{job.error}</span>}
                    </td>
                    <td data-label={t("attempt")} className="number">
                      {t("attempt-of", { attempt: job.attempt, max: job.max_attempts })}
                    </td>
                    <td data-label={t("changed")}>{f.moment(job.updated)}</td>
                    <td data-label={t("actions")}><JobActions job={job} /></td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export function HealthPart() {
  const { t } = useWords();
  const f = useFormat();
  const query = useQuery({ queryKey: ["health"], queryFn: api.health, refetchInterval: 15_000 });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const { version, store, blobs, media, disk, worker, authorities, journal_ok: ok } = query.data;
  const blobText = typeof blobs === "string" ? blobs : blobs ? JSON.stringify(blobs) : "–";
  return (
    <div className="split even" data-testid="health">
      <Card title={t("health-house")}>
        <Facts rows={[
          [t("health-version"), version],
          [t("health-media"), media?.version ?? "–"],
          [t("health-blobs"), <code key="b" className="break">{blobText}</code>],
          [t("health-disk"), disk ? t("health-disk-free", {
            free: f.bytes(disk.free_bytes), total: f.bytes(disk.total_bytes),
          }) : "–"],
          [t("health-worker"), worker ? t("health-worker-state", {
            running: Number(worker.running), queued: worker.queued,
          }) : "–"],
        ]} />
      </Card>
      {store && (
        <Card title={t("health-store")}>
          <Facts rows={[
            [t("health-engine"), `${store.engine} ${store.engine_version}`],
            [t("health-schema"), String(store.schema_version)],
            [t("health-journal"), f.number(store.journal_rows)],
            [t("health-bytes"), store.bytes === null ? "–" : f.bytes(store.bytes)],
            [t("health-chain"), ok === null || ok === undefined ? t("health-chain-unknown") : (
              <Badge key="ok" tone={ok ? "good" : "bad"}>
                {t(ok ? "health-chain-ok" : "health-chain-bad")}
              </Badge>
            )],
          ]} />
        </Card>
      )}
      {authorities && (
        <ul className="authorities" aria-label={t("authorities")}>
          {authorities.map((one) => <AuthorityCard key={one.id} authority={one} />)}
        </ul>
      )}
    </div>
  );
}
