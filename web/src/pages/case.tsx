// One infringement case: what it is about, its evidence, and closing it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import {
  Badge, Button, ButtonLink, Card, Facts, Loading, Note, PageHead, ProblemNote,
} from "../ui/basics.tsx";
import { Sheet } from "../ui/dialog.tsx";
import { toast } from "../ui/toast.tsx";

export function CasePage({ id }: { id: string }) {
  const { t, pick } = useWords();
  const f = useFormat();
  const queries = useQueryClient();
  const mayClose = useMay("close-case");
  const [sure, setSure] = useState(false);
  const query = useQuery({ queryKey: ["case", id], queryFn: () => api.case(id) });
  const close = useMutation({
    mutationFn: () => api.closeCase(id),
    onSuccess: (next) => {
      queries.setQueryData(["case", id], next);
      setSure(false);
      toast("good", t("case-closed-now"));
    },
  });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const one = query.data;
  const title = pick(one.title_zh, one.title_en);
  return (
    <>
      <PageHead title={t("case-of", { title })}
        back={{ href: "/monitoring?tab=cases", label: t("cases") }} actions={
          <>
            <Badge tone={one.state === "open" ? "warn" : "good"}>{t(`case-${one.state}`)}</Badge>
            {mayClose && one.state === "open" && (
              <Button label={t("case-close")} icon="check" onPress={() => setSure(true)}
                testid="case-close" />
            )}
          </>
        } />
      <Card title={t("case-facts")}>
        <Facts rows={[
          [t("work"), title],
          [t("opened"), f.moment(one.created)],
          [t("evidence"), t(one.evidence_id ? "evidence-registered" : "case-no-evidence")],
        ]} />
        <div className="actions">
          <ButtonLink href={`/matches/${one.match_id}`} icon="monitoring"
            label={t("case-see-match")} />
          {one.evidence_id && (
            <ButtonLink href={`/ledger/${one.evidence_id}`} icon="ledger"
              label={t("case-see-evidence")} testid="case-evidence" />
          )}
        </div>
      </Card>
      <Sheet title={t("case-close-of", { title })} open={sure} close={() => setSure(false)} alert>
        <div className="stack">
          <Note>{t("case-close-what")}</Note>
          {close.error && <ProblemNote error={close.error} />}
          <div className="actions end">
            <Button label={t("cancel")} onPress={() => setSure(false)} />
            <Button look="primary" label={t("case-close")} isPending={close.isPending}
              onPress={() => close.mutate()} testid="case-close-submit" />
          </div>
        </div>
      </Sheet>
    </>
  );
}
