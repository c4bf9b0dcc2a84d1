// All masters in the library.

import type { Master } from "../api.gen.ts";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { ButtonLink, Empty, PageHead } from "../ui/basics.tsx";
import { DataTable, SearchBox, useList, type Column } from "../ui/table.tsx";
import { Thumb } from "./takes.tsx";

export function MastersPage() {
  const { t } = useWords();
  const f = useFormat();
  const list = useList("masters", api.masters);
  const columns: Column<Master>[] = [
    {
      key: "name", label: t("master"), sort: "name", wide: true,
      cell: (master) => (
        <span className="with-thumb"><Thumb blob={master.poster_blob} />{master.name}</span>
      ),
    },
    { key: "origin", label: t("origin"), cell: (master) => t(`origin-${master.origin}`) },
    {
      key: "length", label: t("length"), number: true,
      cell: (master) => f.duration(master.duration_us),
    },
    {
      key: "picture", label: t("picture"), number: true,
      cell: (master) => t("pixels", { width: String(master.width), height: String(master.height) }),
    },
    {
      key: "rate", label: t("rate"), number: true,
      cell: (master) => t("fps", {
        rate: f.number(master.frame_rate_num / master.frame_rate_den, 3),
      }),
    },
    { key: "size", label: t("size"), number: true, cell: (master) => f.bytes(master.bytes) },
    {
      key: "created", label: t("created"), sort: "created",
      cell: (master) => f.short(master.created),
    },
  ];
  return (
    <>
      <PageHead title={t("nav-masters")} sub={t("masters-sub")} />
      <div className="filters"><SearchBox label={t("masters-search")} /></div>
      <DataTable label={t("nav-masters")} columns={columns} list={list} testid="masters-table"
        rowTestid="master-row" href={(master) => `/masters/${master.id}`} empty={
          <Empty icon="master" title={t("masters-empty")} why={t("masters-empty-why")}
            action={<ButtonLink href="/" look="primary" icon="play" label={t("run-story")} />} />
        } />
    </>
  );
}
