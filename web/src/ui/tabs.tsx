// Tabs whose choice stands in the address; links, so that each can be opened and shared.

import { Link, useLocation } from "wouter";
import { useUrlParam } from "../url.ts";

/** Without `base` the tab is the query parameter `name`; with it, the last path segment. */
export function Tabs({ name, fallback, label, tabs, base }: {
  name: string; fallback: string; label: string; tabs: [string, string][]; base?: string;
}) {
  const [at] = useUrlParam(name, fallback);
  const [path] = useLocation();
  const hrefOf = (key: string) => base ? `${base}/${key}`
    : key === fallback ? path : `${path}?${name}=${key}`;
  const isAt = (key: string) => (base ? path === `${base}/${key}`
    || (key === fallback && path === base) : at === key);
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([key, text]) => (
        <Link key={key} href={hrefOf(key)} className={isAt(key) ? "at" : ""}
          aria-current={isAt(key) ? "page" : undefined} data-testid={`tab-${key}`}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
