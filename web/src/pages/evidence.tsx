// One registered claim: the human summary first, then signatures, digests and a check made now.

import { useMutation, useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import {
  Button, Card, Copyable, Download, Facts, Loading, Note, PageHead, ProblemNote,
} from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";

export function EvidencePage({ id }: { id: string }) {
  const { t, pick, locale } = useWords();
  const f = useFormat();
  const query = useQuery({ queryKey: ["evidence", id], queryFn: () => api.evidence(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const evidence = query.data;
  const publicPath = `/v/${evidence.code}`;
  const publicUrl = new URL(publicPath, window.location.origin).href;
  const lang = locale === "en" ? "en" : "zh";
  return (
    <>
      <PageHead title={pick(evidence.title_zh, evidence.title_en)} sub={t(`act-${evidence.act}`)}
        back={{ href: "/ledger", label: t("nav-ledger") }} actions={
          <>
            <Download href={`${publicPath}?lang=${lang}`} icon="external" newTab
              label={t("public-page")} testid="public-page" />
            <Download href={`/api/evidence/${encodeURIComponent(id)}/package`}
              label={t("file-package", { size: f.bytes(evidence.package_bytes) })} />
          </>
        } />
      <p className="lead">
        {t("evidence-summary", {
          title: pick(evidence.title_zh, evidence.title_en), time: f.moment(evidence.registered),
          count: evidence.signed_by.length,
        })}
      </p>
      <div className="split even">
        <Verify id={id} />
        <Card title={t("signatures")}>
          <ul className="plain">
            {evidence.signed_by.map((one) => (
              <li key={one.id} className="line">
                <span className="ok-mark"><Icon name="check" size={16} /></span>
                <span>{pick(one.name_zh, one.name_en)}</span>
                <span className="quiet">{f.moment(one.signed)}</span>
              </li>
            ))}
          </ul>
        </Card>
        <Card title={t("registration")}>
          <Facts rows={[
            [t("evidence-code"), <Copyable key="c" text={evidence.code}
              label={t("evidence-code")} />],
            [t("public-address"), <Copyable key="u" text={publicUrl}
              label={t("public-address")} />],
            [t("registered"), f.moment(evidence.registered)],
            [t("leaf-index"), f.number(evidence.leaf_index)],
            [t("tree-size"), f.number(evidence.tree_size)],
            [t("leaf-hash"), <Copyable key="l" text={evidence.leaf_hash}
              label={t("leaf-hash")} />],
            [t("package-digest"), <Copyable key="p" text={evidence.package_blob}
              label={t("package-digest")} />],
          ]} />
        </Card>
        <Claim claim={evidence.claim} />
      </div>
    </>
  );
}

/** Plain members as facts; everything as canonical text below. */
function Claim({ claim }: { claim: unknown }) {
  const { t, maybe } = useWords();
  const members = claim && typeof claim === "object" ? Object.entries(claim) : [];
  const plain = members.filter(([, value]) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean");
  return (
    <Card title={t("claim")}>
      <Facts rows={plain.map(([name, value]) => [
        maybe(`claim-${name.replaceAll("_", "-")}`) ?? name,
        <span key={name} className="break">
          {maybe(`act-${String(value)}`) ?? String(value)}
        </span>,
      ])} />
      <details>
        <summary>{t("claim-raw")}</summary>
        <pre className="code" tabIndex={0}>{JSON.stringify(claim, null, 2)}</pre>
      </details>
    </Card>
  );
}

function Verify({ id }: { id: string }) {
  const { t, pick } = useWords();
  const verify = useMutation({ mutationFn: () => api.verify(id) });
  const verdict = verify.data;
  return (
    <Card title={t("verify-title")} actions={
      <Button look="primary" icon="ledger" label={t("verify-now")} isPending={verify.isPending}
        onPress={() => verify.mutate()} testid="verify-now" />
    }>
      <div aria-live="polite" data-testid="verdict" data-ok={verdict ? verdict.ok : ""}>
        {!verdict && !verify.error && <p className="sub">{t("verify-sub")}</p>}
        {verify.error && <ProblemNote error={verify.error} />}
        {verdict && (
          <>
            <Note tone={verdict.ok ? "good" : "bad"}>
              {t(verdict.ok ? "verify-ok" : "verify-bad")}
            </Note>
            {verdict.failures.length > 0 && (
              <ul className="plain">
                {verdict.failures.map((one) => (
                  <li key={one.entry + one.what}>
                    <code>{one.entry}</code>{" "}
                    {t("what-detail", { what: one.what, detail: one.detail })}
                  </li>
                ))}
              </ul>
            )}
            <h3>{t("verify-proven")}</h3>
            <ul className="ticks">
              {verdict.proven.map((line) => (
                <li key={line.code}>{pick(line.text_zh, line.text_en)}</li>
              ))}
            </ul>
            <h3>{t("verify-not-proven")}</h3>
            <ul className="plain">
              {verdict.not_proven.map((line) => (
                <li key={line.code}>{pick(line.text_zh, line.text_en)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Card>
  );
}
