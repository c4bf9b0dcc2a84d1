// Rights and licences: every licence granted, and the works that rights are held in.

import { useQuery } from "@tanstack/react-query";
import type { Licence, Work } from "../api.gen.ts";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import { Badge, ButtonLink, Empty, PageHead, type Tone } from "../ui/basics.tsx";
import { DataTable, FilterSelect, SearchBox, useList, type Column } from "../ui/table.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { useUrlParam } from "../url.ts";

export const licenceTones: Record<string, Tone> = {
  granted: "live", paid: "good", terminated: "warn",
};

export function useWindowText() {
  const { t } = useWords();
  const f = useFormat();
  return (from: string, to: string | null | undefined) => to
    ? t("window", { from: f.date(from), to: f.date(to) })
    : t("window-open", { from: f.date(from) });
}

export function useMediaText() {
  const { pick } = useWords();
  const vocab = useVocab();
  return (codes: string[]) => codes.map((code) => {
    const medium = vocab.data?.media.find((one) => one.code === code);
    return medium ? pick(medium.name_zh, medium.name_en) : code;
  });
}

export function useVocab() {
  return useQuery({
    queryKey: ["vocab"], queryFn: api.vocab, staleTime: Infinity, meta: { live: false },
  });
}

export function RightsPage() {
  const { t } = useWords();
  const mayGrant = useMay("grant");
  const mayReadStory = useMay("read-story");
  const [tab] = useUrlParam("tab", "licences");
  return (
    <>
      <PageHead title={t("nav-rights-long")} sub={t("rights-sub")} actions={mayGrant && (
        <ButtonLink href="/licences/new" look="primary" icon="plus" label={t("grant-title")}
          testid="grant-new" />
      )} />
      {mayReadStory && (
        <Tabs name="tab" fallback="licences" label={t("nav-rights-long")} tabs={[
          ["licences", t("licences")], ["works", t("works")],
        ]} />
      )}
      {mayReadStory && tab === "works" ? <Works /> : <Licences />}
    </>
  );
}

export function useLicenceColumns(): Column<Licence>[] {
  const { t, pick } = useWords();
  const f = useFormat();
  const windowText = useWindowText();
  const mediaText = useMediaText();
  return [
    {
      key: "licensee", label: t("licensee"), sort: "licensee", wide: true,
      cell: (row) => row.licensee,
    },
    { key: "work", label: t("work"), cell: (row) => pick(row.title_zh, row.title_en) },
    {
      key: "territories", label: t("territories"),
      cell: (row) => <span className="clip-text" title={row.territories}>{row.territories}</span>,
    },
    {
      key: "media", label: t("media"),
      cell: (row) => <span className="clip-text">{f.list(mediaText(row.media))}</span>,
    },
    {
      key: "window", label: t("window-label"), sort: "starts_on",
      cell: (row) => windowText(row.starts_on, row.ends_on),
    },
    {
      key: "exclusive", label: t("exclusivity"),
      cell: (row) => t(row.exclusive ? "exclusive" : "non-exclusive"),
    },
    {
      key: "state", label: t("state"), sort: "state",
      cell: (row) => (
        <Badge tone={licenceTones[row.state] ?? "idle"}>{t(`licence-${row.state}`)}</Badge>
      ),
    },
    {
      key: "price", label: t("price"), sort: "price_minor", number: true,
      cell: (row) => f.money(row.price_minor, row.currency),
    },
  ];
}

function Licences() {
  const { t } = useWords();
  const [state] = useUrlParam("state");
  const [workId] = useUrlParam("work_id");
  const mayGrant = useMay("grant");
  const list = useList("licences", api.licences, { state, work_id: workId });
  const columns = useLicenceColumns();
  return (
    <>
      <div className="filters">
        <SearchBox label={t("licences-search")} testid="licences-search" />
        <FilterSelect name="state" label={t("state")} testid="licences-state" options={[
          ["", t("all")], ["granted", t("licence-granted")], ["paid", t("licence-paid")],
          ["terminated", t("licence-terminated")],
        ]} />
      </div>
      <DataTable label={t("licences")} columns={columns} list={list} testid="licences-table"
        rowTestid="licence-row" href={(row) => `/licences/${row.id}`} empty={
          <Empty icon="rights" title={t("licences-empty")} why={t("licences-empty-why")}
            action={mayGrant && (
              <ButtonLink href="/licences/new" look="primary" icon="plus"
                label={t("grant-title")} />
            )} />
        } />
    </>
  );
}

function Works() {
  const { t } = useWords();
  const f = useFormat();
  const list = useList("works", api.works);
  const columns: Column<Work>[] = [
    {
      key: "zh", label: t("title-zh"), sort: "title_zh", wide: true,
      cell: (work) => work.title_zh || work.title_en,
    },
    { key: "en", label: t("title-en"), sort: "title_en", cell: (work) => work.title_en },
    { key: "created", label: t("created"), sort: "created", cell: (work) => f.short(work.created) },
  ];
  return (
    <>
      <div className="filters"><SearchBox label={t("works-search")} /></div>
      <DataTable label={t("works")} columns={columns} list={list} testid="works-table"
        rowTestid="work-row" href={(work) => `/rights/works/${work.id}`} empty={
          <Empty icon="rights" title={t("works-empty")} why={t("works-empty-why")}
            action={<ButtonLink href="/" look="primary" icon="play" label={t("run-story")} />} />
        } />
    </>
  );
}
