// Monitoring: what was found elsewhere, and the cases opened over it.

import type { Case, Match } from "../api.gen.ts";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Badge, ButtonLink, Empty, PageHead, type Tone } from "../ui/basics.tsx";
import { DataTable, FilterSelect, SearchBox, useList, type Column } from "../ui/table.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { useUrlParam } from "../url.ts";

export const verdictTones: Record<string, Tone> = {
  match: "bad", weak: "warn", "insufficient-content": "idle", "no-match": "good",
};

export function MonitoringPage() {
  const { t } = useWords();
  const [tab] = useUrlParam("tab", "matches");
  return (
    <>
      <PageHead title={t("nav-monitoring")} sub={t("monitoring-sub")} />
      <Tabs name="tab" fallback="matches" label={t("nav-monitoring")} tabs={[
        ["matches", t("matches")], ["cases", t("cases")],
      ]} />
      {tab === "cases" ? <Cases /> : <Matches />}
    </>
  );
}

export const matchedUs = (match: Match): number =>
  match.segments.reduce((sum, one) => sum + one.library_end_us - one.library_start_us, 0);

function Matches() {
  const { t } = useWords();
  const f = useFormat();
  const list = useList("matches", api.matches);
  const columns: Column<Match>[] = [
    { key: "suspect", label: t("suspect"), wide: true, cell: (row) => row.suspect_name },
    {
      key: "verdict", label: t("verdict"), sort: "verdict",
      cell: (row) => (
        <Badge tone={verdictTones[row.verdict] ?? "idle"}>{t(`verdict-${row.verdict}`)}</Badge>
      ),
    },
    { key: "score", label: t("score"), number: true, cell: (row) => f.number(Math.round(row.score * 10) / 10) },
    {
      key: "segments", label: t("matched-time"), number: true,
      cell: (row) => (row.segments.length ? f.duration(matchedUs(row)) : "–"),
    },
    {
      key: "case", label: t("case"),
      cell: (row) => (row.case_id ? t("case-opened") : t("none")),
    },
    { key: "created", label: t("found"), sort: "created", cell: (row) => f.short(row.created) },
  ];
  return (
    <>
      <div className="filters">
        <SearchBox label={t("matches-search")} />
      </div>
      <DataTable label={t("matches")} columns={columns} list={list} testid="matches-table"
        rowTestid="match-row" href={(row) => `/matches/${row.id}`} empty={
          <Empty icon="monitoring" title={t("matches-empty")} why={t("matches-empty-why")}
            action={<ButtonLink href="/" look="primary" icon="play" label={t("run-story")} />} />
        } />
    </>
  );
}

function Cases() {
  const { t, pick } = useWords();
  const f = useFormat();
  const [state] = useUrlParam("state");
  const list = useList("cases", api.cases, { state });
  const columns: Column<Case>[] = [
    {
      key: "work", label: t("work"), wide: true,
      cell: (row) => pick(row.title_zh, row.title_en),
    },
    {
      key: "state", label: t("state"), sort: "state",
      cell: (row) => (
        <Badge tone={row.state === "open" ? "warn" : "good"}>{t(`case-${row.state}`)}</Badge>
      ),
    },
    {
      key: "evidence", label: t("evidence"),
      cell: (row) => t(row.evidence_id ? "evidence-registered" : "none"),
    },
    { key: "created", label: t("opened"), sort: "created", cell: (row) => f.short(row.created) },
  ];
  return (
    <>
      <div className="filters">
        <SearchBox label={t("cases-search")} />
        <FilterSelect name="state" label={t("state")} options={[
          ["", t("all")], ["open", t("case-open")], ["closed", t("case-closed")],
        ]} />
      </div>
      <DataTable label={t("cases")} columns={columns} list={list} testid="cases-table"
        rowTestid="case-row" href={(row) => `/cases/${row.id}`} empty={
          <Empty icon="warn" title={t("cases-empty")} why={t("cases-empty-why")}
            action={<ButtonLink href="/monitoring" label={t("matches")} />} />
        } />
    </>
  );
}
