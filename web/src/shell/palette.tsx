// Ctrl/Cmd+K: one box over pages, actions and everything the server finds.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useLocation } from "wouter";
import { api, type SearchHit } from "../api.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import { Icon, type IconName } from "../ui/icons.tsx";

interface Entry {
  id: string;
  href: string;
  title: string;
  kind: string;
  icon: IconName;
}

const kindIcons: Record<string, IconName> = {
  work: "rights", take: "take", master: "master", evidence: "ledger", licence: "rights",
  person: "user", page: "right",
};

function hrefOf(hit: SearchHit): string {
  switch (hit.kind) {
    case "work": return `/rights/works/${hit.id}`;
    case "take": return `/takes/${hit.id}`;
    case "master": return `/masters/${hit.id}`;
    case "evidence": return `/ledger/${hit.id}`;
    case "licence": return `/licences/${hit.id}`;
    case "person": return `/admin/people?row=${hit.id}`;
    default: return hit.href;
  }
}

function usePages(): Entry[] {
  const { t } = useWords();
  const mayGrant = useMay("grant");
  return useMemo(() => {
    const page = (href: string, word: string, icon: IconName): Entry =>
      ({ id: href, href, title: t(word), kind: "page", icon });
    return [
      page("/", "nav-home", "home"), page("/takes", "nav-takes", "take"),
      page("/masters", "nav-masters", "master"), page("/ledger", "nav-ledger", "ledger"),
      page("/rights", "nav-rights", "rights"),
      ...(mayGrant ? [page("/licences/new", "grant-title", "plus")] : []),
      page("/monitoring", "nav-monitoring", "monitoring"),
      page("/monitoring?tab=cases", "cases", "warn"),
      page("/admin/people", "admin-people", "admin"), page("/admin/audit", "admin-audit", "book"),
      page("/admin/jobs", "admin-jobs", "jobs"), page("/admin/health", "admin-health", "info"),
      page("/settings", "settings", "user"), page("/docs", "nav-docs", "book"),
    ];
  }, [t, mayGrant]);
}

export function Palette() {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen((now) => !now);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const isMac = navigator.userAgent.includes("Mac");
  return (
    <>
      <button type="button" className="palette-open" onClick={() => setOpen(true)}
        data-testid="palette-open" aria-haspopup="dialog">
        <Icon name="search" size={16} />
        <span>{t("search")}</span>
        <kbd>{isMac ? t("key-palette-mac") : t("key-palette")}</kbd>
      </button>
      <ModalOverlay isOpen={open} onOpenChange={setOpen} isDismissable className="overlay top">
        <Modal className="modal palette-modal">
          <Dialog className="dialog" aria-label={t("search")} data-testid="palette">
            <PaletteBody close={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}

function useEntries(text: string): { entries: Entry[]; searching: boolean } {
  const { pick } = useWords();
  const pages = usePages();
  const q = text.trim();
  const [asked, setAsked] = useState(q);
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(q), 150);
    return () => window.clearTimeout(timer);
  }, [q]);
  const found = useQuery({
    queryKey: ["search", asked], queryFn: ({ signal }) => api.search(asked, signal),
    enabled: asked.length > 0, staleTime: 10_000, meta: { live: false },
  });
  const wanted = q.toLocaleLowerCase();
  const own = pages.filter((page) => page.title.toLocaleLowerCase().includes(wanted)
    || page.href.includes(wanted));
  const hits = q && found.data ? found.data.hits : [];
  const entries = [
    ...hits.map((hit) => ({
      id: `${hit.kind}/${hit.id}`, href: hrefOf(hit), title: pick(hit.title_zh, hit.title_en),
      kind: hit.kind, icon: kindIcons[hit.kind] ?? "right",
    })),
    ...own,
  ];
  const unique = entries.filter((entry, index) =>
    entries.findIndex((other) => other.href === entry.href) === index);
  return { entries: unique.slice(0, 40), searching: found.isFetching };
}

function PaletteBody({ close }: { close: () => void }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const { entries, searching } = useEntries(text);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(index, entries.length - 1);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    go(entry.href);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setIndex((at + step + entries.length) % Math.max(entries.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(entries[at]);
    }
  };
  return (
    <>
      <div className="palette-input">
        <Icon name="search" />
        <input
          autoFocus type="text" role="combobox" aria-expanded="true" aria-controls={listId}
          aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined}
          aria-label={t("search")} placeholder={t("search-hint")} value={text}
          data-testid="palette-input" autoComplete="off" spellCheck={false} onKeyDown={onKey}
          onChange={(event) => {
            setText(event.target.value);
            setIndex(0);
          }}
        />
        <kbd>{t("key-escape")}</kbd>
      </div>
      <ul className="palette-list" role="listbox" id={listId} ref={list}
        aria-label={t("search-results")}>
        {entries.map((entry, position) => (
          <li key={entry.id} id={`${listId}-${position}`} role="option"
            aria-selected={position === at} onMouseMove={() => setIndex(position)}
            onClick={() => open(entry)}>
            <Icon name={entry.icon} />
            <span className="entry-title">{entry.title}</span>
            <span className="quiet">{t(`kind-${entry.kind}`)}</span>
          </li>
        ))}
      </ul>
      <p className="palette-foot" role="status">
        {searching ? t("searching") : t("search-count", { count: entries.length })}
      </p>
    </>
  );
}
