// 404: what was asked for, and the way home.

import { useLocation } from "wouter";
import { useWords } from "../i18n.tsx";
import { ButtonLink, Empty } from "../ui/basics.tsx";

export function NotFoundPage() {
  const { t } = useWords();
  const [path] = useLocation();
  return (
    <>
      <h1 className="sr-only">{t("not-found")}</h1>
      <Empty icon="search" title={t("not-found")} why={t("not-found-why", { path })}
        action={<ButtonLink href="/" look="primary" icon="home" label={t("nav-home")} />} />
    </>
  );
}
