// Words: Fluent messages of `locales/`, one chunk per language, switched without a reload.
//
// `t` falls back to the id, so a missing message is seen and never breaks a page.

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import {
  createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode,
} from "react";
import { I18nProvider } from "react-aria-components";
import { readPref, writePref } from "./prefs.ts";

export type Locale = "zh-CN" | "en";
export type Vars = Record<string, FluentVariable>;
export type Translate = (id: string, vars?: Vars) => string;

const sources: Record<Locale, () => Promise<{ default: string }>> = {
  "zh-CN": () => import("./locale.zh-CN.ts"),
  en: () => import("./locale.en.ts"),
};

async function loadBundle(locale: Locale): Promise<FluentBundle> {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const { default: text } = await sources[locale]();
  for (const error of bundle.addResource(new FluentResource(text))) console.warn(error);
  return bundle;
}

interface Words {
  locale: Locale;
  t: Translate;
  /** The message, or null where the locale has none: for words that come from data. */
  maybe: (id: string, vars?: Vars) => string | null;
  setLocale: (locale: Locale) => void;
  /** Picks `<name>_zh` or `<name>_en` of a row; the other one where this is empty. */
  pick: (zh: string | null | undefined, en: string | null | undefined) => string;
}

const Context = createContext<Words | null>(null);

export function currentLocale(): Locale {
  return document.documentElement.lang === "en" ? "en" : "zh-CN";
}

function formatWith(bundle: FluentBundle, id: string, vars?: Vars): string | null {
  const pattern = bundle.getMessage(id)?.value;
  if (!pattern) return null;
  const errors: Error[] = [];
  const text = bundle.formatPattern(pattern, vars, errors);
  for (const error of errors) console.warn(id, error);
  return text;
}

export function Words({ children }: { children: ReactNode }) {
  const [bundle, setBundle] = useState<FluentBundle | null>(null);
  const [locale, setLocaleState] = useState<Locale>(currentLocale);

  useEffect(() => {
    let wanted = true;
    void loadBundle(locale).then((loaded) => {
      if (!wanted) return;
      document.documentElement.lang = locale;
      setBundle(loaded);
    });
    return () => {
      wanted = false;
    };
  }, [locale]);

  const setLocale = useCallback((next: Locale) => {
    writePref("locale", next);
    setLocaleState(next);
  }, []);

  const words = useMemo<Words | null>(() => {
    if (!bundle) return null;
    const shown = bundle.locales[0] as Locale;
    const maybe = (id: string, vars?: Vars) => formatWith(bundle, id, vars);
    return {
      locale: shown,
      maybe,
      t: (id, vars) => maybe(id, vars) ?? id,
      setLocale,
      pick: (zh, en) => (shown === "zh-CN" ? zh || en : en || zh) ?? "",
    };
  }, [bundle, setLocale]);

  if (!words) return null;
  return (
    <I18nProvider locale={words.locale === "en" ? "en-GB" : "zh-CN"}>
      <Context.Provider value={words}>{children}</Context.Provider>
    </I18nProvider>
  );
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("useWords outside <Words>");
  return words;
}

export function savedLocale(): Locale | null {
  const saved = readPref("locale");
  return saved === "en" || saved === "zh-CN" ? saved : null;
}
