// The frame of every page: rail, top bar, content, and what floats above it.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Link, useLocation } from "wouter";
import { api } from "../api.ts";
import { openLine, useLine } from "../events.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useTheme, type Theme } from "../prefs.ts";
import { useMay, usePerson } from "../session.tsx";
import { Icon, type IconName } from "../ui/icons.tsx";
import { DropZone } from "./drop.tsx";
import { JobTray } from "./jobs.tsx";
import { Palette } from "./palette.tsx";

interface Place {
  href: string;
  word: string;
  icon: IconName;
  under: string[];
}

const places: Place[] = [
  { href: "/", word: "nav-home", icon: "home", under: ["/runs"] },
  { href: "/takes", word: "nav-takes", icon: "take", under: ["/takes"] },
  { href: "/masters", word: "nav-masters", icon: "master", under: ["/masters"] },
  { href: "/ledger", word: "nav-ledger", icon: "ledger", under: ["/ledger"] },
  { href: "/rights", word: "nav-rights", icon: "rights", under: ["/rights", "/licences"] },
  {
    href: "/monitoring", word: "nav-monitoring", icon: "monitoring",
    under: ["/monitoring", "/matches", "/cases"],
  },
  { href: "/admin", word: "nav-admin", icon: "admin", under: ["/admin"] },
];

const inBottomBar = 4;

/** A licensee sees licences only. */
function usePlaces(): Place[] {
  const mayReadStory = useMay("read-story");
  return mayReadStory ? places : places.filter((place) => place.href === "/rights");
}

function isAt(place: Place, path: string): boolean {
  return path === place.href
    || place.under.some((root) => path === root || path.startsWith(`${root}/`));
}

export function Shell({ version, children }: { version: string; children: ReactNode }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const person = usePerson();
  useEffect(() => openLine(queries), [queries, person.id]);
  return (
    <div className="shell">
      <a className="skip" href="#content">{t("skip-to-content")}</a>
      <Rail version={version} />
      <TopBar />
      <main id="content" tabIndex={-1}>{children}</main>
      <BottomBar />
      <DropZone />
    </div>
  );
}

function Rail({ version }: { version: string }) {
  const { t } = useWords();
  const [path] = useLocation();
  return (
    <nav className="rail" aria-label={t("nav-label")}>
      <Link href="/" className="brand">
        <span className="brand-mark" aria-hidden="true" />
        <span className="brand-name">{t("product")}</span>
      </Link>
      <ul>
        {usePlaces().map((place) => <NavItem key={place.href} place={place} at={isAt(place, path)} />)}
      </ul>
      <div className="rail-foot">
        <Link href="/docs" className="quiet-link">{t("nav-docs")}</Link>
        <span className="quiet">{version && t("version", { version })}</span>
      </div>
    </nav>
  );
}

function NavItem({ place, at }: { place: Place; at: boolean }) {
  const { t } = useWords();
  return (
    <li>
      <Link href={place.href} className={`nav-item ${at ? "at" : ""}`}
        aria-current={at ? "page" : undefined} data-testid={place.word}>
        <Icon name={place.icon} size={20} />
        <span>{t(place.word)}</span>
      </Link>
    </li>
  );
}

function BottomBar() {
  const { t } = useWords();
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const mine = usePlaces();
  const rest = mine.slice(inBottomBar);
  return (
    <nav className="bottom-bar" aria-label={t("nav-label-narrow")}>
      <ul>
        {mine.slice(0, inBottomBar).map((place) => (
          <NavItem key={place.href} place={place} at={isAt(place, path)} />
        ))}
        <li>
          <DialogTrigger isOpen={open} onOpenChange={setOpen}>
            <AriaButton className={`nav-item ${rest.some((p) => isAt(p, path)) ? "at" : ""}`}>
              <Icon name="more" size={20} />
              <span>{t("nav-more")}</span>
            </AriaButton>
            <Popover className="popover" placement="top end">
              <Dialog className="menu" aria-label={t("nav-more")}>
                {rest.map((place) => (
                  <Link key={place.href} href={place.href} className="menu-item"
                    onClick={() => setOpen(false)}>
                    <Icon name={place.icon} />
                    {t(place.word)}
                  </Link>
                ))}
                <Link href="/docs" className="menu-item">
                  <Icon name="book" />
                  {t("nav-docs")}
                </Link>
              </Dialog>
            </Popover>
          </DialogTrigger>
        </li>
      </ul>
    </nav>
  );
}

function TopBar() {
  return (
    <header className="top-bar">
      <Palette />
      <div className="top-tools">
        <ConnectionPill />
        <JobTray />
        <LanguageToggle />
        <ThemeToggle />
        <PersonMenu />
      </div>
    </header>
  );
}

function ConnectionPill() {
  const { t } = useWords();
  const f = useFormat();
  const line = useLine();
  const time = f.clock(line.lastHeard);
  const text = line.state === "live" ? t("line-live")
    : line.state === "stale" ? t("line-stale", { time }) : t("line-connecting");
  return (
    <span className={`pill ${line.state}`} role="status" data-testid="connection"
      data-state={line.state} title={text}>
      <span className="dot" aria-hidden="true" />
      <span className="pill-text">{text}</span>
    </span>
  );
}

export function LanguageToggle() {
  const { t, locale, setLocale } = useWords();
  const queries = useQueryClient();
  const next = locale === "en" ? "zh-CN" : "en";
  const change = () => {
    setLocale(next);
    const session = queries.getQueryData<{ person: unknown }>(["session"]);
    if (session?.person) void api.patchSession({ locale: next }).catch(() => {});
  };
  return (
    <button type="button" className="button quiet tool" data-testid="lang-toggle"
      lang={next} aria-label={t("switch-language")} onClick={change}>
      <Icon name="globe" />
      <span>{t("other-language")}</span>
    </button>
  );
}

const themes: Theme[] = ["dark", "light", "system"];
const themeIcons: Record<Theme, IconName> = { dark: "moon", light: "sun", system: "system" };

export function ThemeToggle() {
  const { t } = useWords();
  const [theme, setTheme] = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "dark";
  return (
    <button type="button" className="button quiet square tool" data-testid="theme-toggle"
      data-theme-now={theme} onClick={() => setTheme(next)}
      aria-label={t("theme-now", { theme: t(`theme-${theme}`), next: t(`theme-${next}`) })}>
      <Icon name={themeIcons[theme]} />
      <span className="tip end" aria-hidden="true">{t(`theme-${theme}`)}</span>
    </button>
  );
}

function PersonMenu() {
  const { t } = useWords();
  const person = usePerson();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const signOut = async () => {
    setLeaving(true);
    await api.signOut().catch(() => {});
    queries.clear();
    window.location.assign("/");
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <AriaButton className="button quiet square tool" isDisabled={leaving}
        aria-label={t("account-of", { name: person.name })} data-testid="account-menu">
        <span className="avatar" aria-hidden="true">{[...person.name][0] ?? "?"}</span>
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="account" aria-label={t("account")}>
          <div className="popover-head">
            <strong>{person.name}</strong>
            <span className="quiet">{person.email}</span>
            <span className="quiet">{t(`role-${person.role}`)} · {person.organisation}</span>
          </div>
          <div className="menu">
            <Link href="/settings" className="menu-item" onClick={() => setOpen(false)}>
              <Icon name="user" />
              {t("settings")}
            </Link>
            <button type="button" className="menu-item" data-testid="sign-out"
              onClick={() => void signOut()}>
              <Icon name="out" />
              {t("sign-out")}
            </button>
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
