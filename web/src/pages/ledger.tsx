// The ledger: how big it is, who co-signs it, and every registered claim.

import { useQuery } from "@tanstack/react-query";
import type { Evidence } from "../api.gen.ts";
import { api, type Authority } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import {
  Badge, ButtonLink, Card, Copyable, Empty, Facts, Loading, PageHead, ProblemNote,
} from "../ui/basics.tsx";
import { DataTable, SearchBox, useList, type Column } from "../ui/table.tsx";

export function LedgerPage() {
  const { t, pick } = useWords();
  const f = useFormat();
  const list = useList("evidence", api.evidenceList);
  const columns: Column<Evidence>[] = [
    {
      key: "title", label: t("work"), wide: true,
      cell: (row) => pick(row.title_zh, row.title_en),
    },
    { key: "act", label: t("act"), sort: "act", cell: (row) => t(`act-${row.act}`) },
    { key: "code", label: t("evidence-code"), cell: (row) => <code>{row.code}</code> },
    {
      key: "leaf", label: t("leaf-index"), sort: "leaf_index", number: true,
      cell: (row) => f.number(row.leaf_index),
    },
    {
      key: "signed", label: t("signatures"), number: true,
      cell: (row) => f.number(row.signed_by.length),
    },
    {
      key: "registered", label: t("registered"), sort: "registered",
      cell: (row) => f.short(row.registered),
    },
  ];
  return (
    <>
      <PageHead title={t("nav-ledger")} sub={t("ledger-sub")} />
      <Status />
      <div className="filters"><SearchBox label={t("evidence-search")} /></div>
      <DataTable label={t("evidence-list")} columns={columns} list={list} testid="evidence-table"
        rowTestid="evidence-row" href={(row) => `/ledger/${row.id}`} empty={
          <Empty icon="ledger" title={t("ledger-empty")} why={t("ledger-empty-why")}
            action={<ButtonLink href="/" look="primary" icon="play" label={t("run-story")} />} />
        } />
    </>
  );
}

function Status() {
  const { t } = useWords();
  const f = useFormat();
  const ledger = useQuery({ queryKey: ["ledger"], queryFn: api.ledger });
  if (ledger.isPending) return <Loading />;
  if (!ledger.data) {
    return <ProblemNote error={ledger.error} retry={() => void ledger.refetch()} />;
  }
  const { origin, size, root, authorities } = ledger.data;
  return (
    <div className="ledger-status">
      <Card title={t("ledger-log")}>
        <Facts rows={[
          [t("ledger-origin"), <code key="o">{origin}</code>],
          [t("ledger-size"), f.number(size)],
          [t("ledger-root"), <Copyable key="r" text={root} label={t("ledger-root")} />],
        ]} />
      </Card>
      <ul className="authorities" aria-label={t("authorities")}>
        {authorities.map((one) => <AuthorityCard key={one.id} authority={one} size={size} />)}
      </ul>
    </div>
  );
}

export function AuthorityCard({ authority, size }: { authority: Authority; size?: number }) {
  const { t, pick } = useWords();
  const f = useFormat();
  const behind = size !== undefined && authority.last_signed_size !== null
    && authority.last_signed_size < size;
  return (
    <li className="card authority" data-testid="authority">
      <div className="job-head">
        <strong>{pick(authority.name_zh, authority.name_en)}</strong>
        <Badge tone={!authority.healthy ? "bad" : behind ? "warn" : "good"}>
          {t(!authority.healthy ? "authority-down" : behind ? "authority-behind" : "authority-up")}
        </Badge>
      </div>
      <p className="quiet">
        {authority.last_signed_size === null || authority.last_signed === null
          ? t("authority-never")
          : t("authority-signed", {
            size: f.number(authority.last_signed_size), time: f.ago(authority.last_signed),
          })}
      </p>
      <details>
        <summary>{t("authority-key")}</summary>
        <code className="break">{authority.vkey}</code>
      </details>
    </li>
  );
}
