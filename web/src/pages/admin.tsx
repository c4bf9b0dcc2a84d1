// Administration: people, audit, jobs, health; each part shown to those who may see it.

import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import { PageHead } from "../ui/basics.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { AuditPart } from "./admin-audit.tsx";
import { HealthPart, JobsPart } from "./admin-machine.tsx";
import { PeoplePart } from "./admin-people.tsx";
import { NotFoundPage } from "./not-found.tsx";

export function AdminPage({ tab }: { tab: string }) {
  const { t } = useWords();
  const people = useMay("manage-people");
  const audit = useMay("read-audit");
  const tabs: [string, string][] = [
    ...(people ? [["people", t("admin-people")] as [string, string]] : []),
    ...(audit ? [["audit", t("admin-audit")] as [string, string]] : []),
    ["jobs", t("admin-jobs")],
    ["health", t("admin-health")],
  ];
  const first = tabs[0]?.[0] ?? "health";
  const shown = tabs.some(([key]) => key === tab) ? tab : tab === "people" ? first : "";
  return (
    <>
      <PageHead title={t("nav-admin")} />
      <Tabs name="tab" fallback={first} base="/admin" label={t("nav-admin")} tabs={tabs} />
      {shown === "people" && <PeoplePart />}
      {shown === "audit" && <AuditPart />}
      {shown === "jobs" && <JobsPart />}
      {shown === "health" && <HealthPart />}
      {shown === "" && <NotFoundPage />}
    </>
  );
}
