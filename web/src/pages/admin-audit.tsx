// Who did what when: the journal's facts, newest first, filtered by person and stream.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, type AuditRow } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Button, Empty, Loading, ProblemNote } from "../ui/basics.tsx";
import { useUrlParam } from "../url.ts";

const pageSize = 100;

export function AuditPart() {
  const { t } = useWords();
  const f = useFormat();
  const [actor, setActor] = useUrlParam("actor");
  const [stream, setStream] = useUrlParam("stream");
  const query = useInfiniteQuery({
    queryKey: ["audit", actor, stream],
    queryFn: ({ pageParam }) => api.audit({ before: pageParam, actor, stream, limit: pageSize }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="filters">
        <Later label={t("audit-actor")} value={actor} set={setActor} testid="audit-actor" />
        <Later label={t("audit-stream")} value={stream} set={setStream} testid="audit-stream" />
      </div>
      {query.isPending && <Loading />}
      {query.error && <ProblemNote error={query.error} retry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && (
        actor || stream ? <p className="nothing" role="status">{t("nothing-found")}</p>
          : <Empty icon="book" title={t("audit-empty")} why={t("audit-empty-why")} />
      )}
      {rows.length > 0 && (
        <div className="table-scroll">
          <table aria-label={t("admin-audit")} data-testid="audit-table">
            <thead>
              <tr>
                <th scope="col" className="number">{t("audit-seq")}</th>
                <th scope="col">{t("audit-when")}</th>
                <th scope="col">{t("audit-who")}</th>
                <th scope="col">{t("audit-what")}</th>
                <th scope="col">{t("audit-on")}</th>
                <th scope="col">{t("details")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => <Row key={row.seq} row={row} />)}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > 0 && (
        <footer className="table-foot">
          <span role="status">{t("shown", { shown: f.number(rows.length) })}</span>
          {query.hasNextPage && (
            <Button label={t("load-more")} isPending={query.isFetchingNextPage}
              onPress={() => void query.fetchNextPage()} />
          )}
        </footer>
      )}
    </>
  );
}

function Row({ row }: { row: AuditRow }) {
  const { t, maybe } = useWords();
  const f = useFormat();
  return (
    <tr>
      <td data-label={t("audit-seq")} className="number">{f.number(row.seq)}</td>
      <td data-label={t("audit-when")}>{f.moment(row.at)}</td>
      <td data-label={t("audit-who")}>{row.actor_name || row.actor}</td>
      <td data-label={t("audit-what")}>
        {maybe(`fact-${row.kind.replaceAll(/[^a-z0-9]+/gi, "-")}`) ?? row.kind}
      </td>
      <td data-label={t("audit-on")}><code className="break">{row.stream}</code></td>
      <td data-label={t("details")}>
        <details>
          <summary>{t("audit-body")}</summary>
          <pre className="code" tabIndex={0}>{JSON.stringify(row.body, null, 2)}</pre>
        </details>
      </td>
    </tr>
  );
}

function Later({ label, value, set, testid }: {
  label: string; value: string; set: (value: string) => void; testid: string;
}) {
  const [text, setText] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => set(text.trim()), 300);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <label className="filter">
      <span>{label}</span>
      <input value={text} data-testid={testid} spellCheck={false}
        onChange={(event) => setText(event.target.value)} />
    </label>
  );
}
