// One work: which rights the house holds in it, and which licences it has granted from them.

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { RightsIn } from "../api.gen.ts";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import {
  Badge, ButtonLink, Card, Facts, Loading, PageHead, ProblemNote,
} from "../ui/basics.tsx";
import { licenceTones, useMediaText, useWindowText } from "./rights.tsx";

export function WorkPage({ id }: { id: string }) {
  const { t, pick } = useWords();
  const f = useFormat();
  const mayGrant = useMay("grant");
  const windowText = useWindowText();
  const query = useQuery({ queryKey: ["work-rights", id], queryFn: () => api.workRights(id) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const { work, rights_in: held, licences } = query.data;
  return (
    <>
      <PageHead title={pick(work.title_zh, work.title_en)}
        sub={pick(work.title_en, work.title_zh)}
        back={{ href: "/rights?tab=works", label: t("works") }} actions={mayGrant && (
          <ButtonLink href={`/licences/new?work=${work.id}`} look="primary" icon="plus"
            label={t("grant-title")} />
        )} />
      <div className="split even">
        <Card title={t("rights-held")}>
          {held.length === 0 && <p className="sub">{t("rights-held-none")}</p>}
          {held.map((right) => <Right key={right.id} right={right} />)}
        </Card>
        <Card title={t("licences")}>
          {licences.length === 0 && <p className="sub">{t("licences-none")}</p>}
          <ul className="plain">
            {licences.map((one) => (
              <li key={one.id} className="licence-line">
                <div className="job-head">
                  <Link href={`/licences/${one.id}`}>{one.licensee}</Link>
                  <Badge tone={licenceTones[one.state] ?? "idle"}>
                    {t(`licence-${one.state}`)}
                  </Badge>
                </div>
                <span className="quiet">
                  {one.territories} · {windowText(one.starts_on, one.ends_on)} ·{" "}
                  {f.money(one.price_minor, one.currency)}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </>
  );
}

function Right({ right }: { right: RightsIn }) {
  const { t } = useWords();
  const f = useFormat();
  const windowText = useWindowText();
  const mediaText = useMediaText();
  return (
    <Facts rows={[
      [t("rights-from"), right.from_party],
      [t("territories"), right.territories],
      [t("media"), f.list(mediaText(right.media))],
      [t("languages"), right.languages.join(" · ") || t("all")],
      [t("window-label"), windowText(right.starts_on, right.ends_on)],
      [t("exclusivity"), t(right.exclusive ? "exclusive" : "non-exclusive")],
    ]} />
  );
}
