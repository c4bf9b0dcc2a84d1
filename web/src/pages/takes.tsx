// All takes.

import type { Take } from "../api.gen.ts";
import { api, fileUrl } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Badge, ButtonLink, Empty, PageHead } from "../ui/basics.tsx";
import { DataTable, SearchBox, useList, type Column } from "../ui/table.tsx";

export function Thumb({ blob }: { blob: string | null }) {
  if (!blob) return <span className="thumb" aria-hidden="true" />;
  return <img className="thumb" src={fileUrl(blob, "poster.jpg")} alt="" loading="lazy" />;
}

export function TakesPage() {
  const { t } = useWords();
  const f = useFormat();
  const list = useList("takes", api.takes);
  const columns: Column<Take>[] = [
    {
      key: "name", label: t("take"), sort: "name", wide: true,
      cell: (take) => (
        <span className="with-thumb"><Thumb blob={take.poster_blob} />{take.name}</span>
      ),
    },
    { key: "source", label: t("source"), cell: (take) => t(`format-${take.source_format}`) },
    {
      key: "length", label: t("length"), number: true,
      cell: (take) => f.duration(take.duration_us),
    },
    { key: "frames", label: t("frames"), number: true, cell: (take) => f.number(take.frames) },
    {
      key: "rate", label: t("rate"), number: true,
      cell: (take) => t("hertz", { rate: f.number(take.frame_rate_hz, 2) }),
    },
    {
      key: "warnings", label: t("warnings"),
      cell: (take) => take.warnings.length
        ? <Badge tone="warn">{f.number(take.warnings.length)}</Badge>
        : <Badge tone="good">{t("none")}</Badge>,
    },
    { key: "created", label: t("created"), sort: "created", cell: (take) => f.short(take.created) },
  ];
  return (
    <>
      <PageHead title={t("nav-takes")} sub={t("takes-sub")} />
      <div className="filters"><SearchBox label={t("takes-search")} /></div>
      <DataTable label={t("nav-takes")} columns={columns} list={list} testid="takes-table"
        rowTestid="take-row" href={(take) => `/takes/${take.id}`} empty={
          <Empty icon="take" title={t("takes-empty")} why={t("takes-empty-why")}
            action={<ButtonLink href="/" look="primary" icon="play" label={t("run-story")} />} />
        } />
    </>
  );
}
