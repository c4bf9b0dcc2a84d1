// The three fields of a grant that need a vocabulary: territories, media, languages.

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import type { GrantCheck, Medium, Vocab } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Check, Group } from "../ui/fields.tsx";

interface Suggestion {
  code: string;
  name: string;
  members: number;
}

const shownSuggestions = 8;

/** The word that the caret stands in: what suggestions complete. */
function wordAt(text: string, caret: number): { from: number; word: string } {
  const before = text.slice(0, caret);
  const from = before.length - (/[^\s,，;；+()（）]*$/.exec(before)?.[0].length ?? 0);
  return { from, word: before.slice(from) };
}

function useSuggestions(vocab: Vocab | undefined, word: string): Suggestion[] {
  const { pick } = useWords();
  const wanted = word.toLocaleLowerCase();
  if (!vocab || !wanted) return [];
  const all = [
    ...vocab.territory_groups.map((one) => ({ ...one, count: one.members.length })),
    ...vocab.territories.map((one) => ({ ...one, count: 0 })),
  ];
  const scored = all.flatMap((one) => {
    const texts = [one.code, one.name_zh, one.name_en].map((text) => text.toLocaleLowerCase());
    if (texts[0] === wanted) return [{ one, score: 0 }];
    if (texts.some((text) => text.startsWith(wanted))) return [{ one, score: 1 }];
    return texts.some((text) => text.includes(wanted)) ? [{ one, score: 2 }] : [];
  });
  return scored.sort((a, b) => a.score - b.score).slice(0, shownSuggestions).map(({ one }) => ({
    code: one.code, name: pick(one.name_zh, one.name_en), members: one.count,
  }));
}

export function Territories({ vocab, value, onChange, check, error }: {
  vocab: Vocab | undefined; value: string; onChange: (value: string) => void;
  check: GrantCheck | null; error?: string | undefined;
}) {
  const { t } = useWords();
  const f = useFormat();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const { from, word } = wordAt(value, caret);
  const found = useSuggestions(vocab, open ? word : "");
  const shown = found.filter((one) => one.code !== word);
  const choose = (code: string) => {
    onChange(value.slice(0, from) + code + value.slice(caret));
    setOpen(false);
    setCaret(from + code.length);
    requestAnimationFrame(() =>
      input.current?.setSelectionRange(from + code.length, from + code.length));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !shown.length) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setAt((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      const picked = shown[at];
      if (!picked) return;
      event.preventDefault();
      choose(picked.code);
    } else if (event.key === "Escape") {
      setOpen(false);
    }
  };
  const normalised = check && !error ? check.territories_normalised : null;
  return (
    <div className={`field ${error ? "invalid" : ""}`}>
      <label htmlFor={id}>{t("territories")}</label>
      <div className="suggest">
        <input ref={input} id={id} value={value} data-testid="grant-territories" required
          role="combobox" aria-expanded={shown.length > 0} aria-controls={`${id}-list`}
          aria-autocomplete="list" aria-activedescendant={shown.length ? `${id}-${at}` : undefined}
          aria-describedby={`${id}-help`} aria-invalid={error ? true : undefined}
          placeholder={t("territories-example")} autoComplete="off" spellCheck={false}
          onKeyDown={onKey} onBlur={() => setOpen(false)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? value.length)}
          onChange={(event) => {
            onChange(event.target.value);
            setCaret(event.target.selectionStart ?? event.target.value.length);
            setOpen(true);
            setAt(0);
          }} />
        <ul role="listbox" id={`${id}-list`} aria-label={t("territories-suggested")}
          className={shown.length ? "suggestions" : "suggestions none"}>
          {shown.map((one, index) => (
            <li key={one.code} id={`${id}-${index}`} role="option" aria-selected={index === at}
              onMouseDown={(event) => {
                event.preventDefault();
                choose(one.code);
              }}>
              <code>{one.code}</code>
              <span>{one.name}</span>
              {one.members > 0 && (
                <span className="quiet">{t("territory-count", { count: one.members })}</span>
              )}
            </li>
          ))}
        </ul>
      </div>
      <p className="help" id={`${id}-help`} data-testid="grant-territory-count"
        data-count={normalised === null ? "" : check?.territory_count ?? ""}>
        {normalised === null ? t("territories-help") : t("territories-means", {
          expression: normalised, count: f.number(check?.territory_count ?? 0),
        })}
      </p>
      {error && <p className="error">{error}</p>}
    </div>
  );
}

/** All codes below `code`, itself included. */
function below(media: Medium[], code: string): string[] {
  return [code, ...media.filter((one) => one.parent === code)
    .flatMap((child) => below(media, child.code))];
}

export function MediaTree({ vocab, value, onChange, error }: {
  vocab: Vocab | undefined; value: string[]; onChange: (value: string[]) => void;
  error?: string | undefined;
}) {
  const { t, pick } = useWords();
  const media = vocab?.media ?? [];
  const chosen = new Set(value);
  const isOn = (medium: Medium): boolean => {
    if (chosen.has(medium.code)) return true;
    const parent = media.find((one) => one.code === medium.parent);
    return parent ? isOn(parent) : false;
  };
  /** A chosen parent stands for all below it; taking one off keeps its siblings. */
  const toggle = (medium: Medium, on: boolean) => {
    const gone = new Set(below(media, medium.code));
    let next = value.filter((code) => !gone.has(code));
    if (on) {
      next.push(medium.code);
    } else if (!chosen.has(medium.code)) {
      next = splitParent(next, medium);
    }
    onChange(next);
  };
  const splitParent = (codes: string[], medium: Medium): string[] => {
    const parent = media.find((one) => one.code === medium.parent);
    if (!parent) return codes;
    const siblings = media.filter((one) => one.parent === parent.code && one.code !== medium.code)
      .map((one) => one.code);
    if (codes.includes(parent.code)) {
      return [...codes.filter((code) => code !== parent.code), ...siblings];
    }
    return [...splitParent(codes, parent), ...siblings];
  };
  const row = (medium: Medium, depth: number): ReactNode => {
    const children = media.filter((one) => one.parent === medium.code);
    const some = below(media, medium.code).some((code) => chosen.has(code));
    return (
      <div key={medium.code}>
        <Check label={<>{pick(medium.name_zh, medium.name_en)}</>} checked={isOn(medium)}
          mixed={some} indent={depth} testid={`grant-media-${medium.code}`}
          onChange={(on) => toggle(medium, on)} />
        {children.map((child) => row(child, depth + 1))}
      </div>
    );
  };
  return (
    <Group label={t("media")} error={error} testid="grant-media">
      <div className="checks">
        {media.filter((one) => !one.parent).map((one) => row(one, 0))}
      </div>
    </Group>
  );
}

const kinds = ["audio", "dub", "sub"];

export function Languages({ vocab, value, onChange, error }: {
  vocab: Vocab | undefined; value: string[]; onChange: (value: string[]) => void;
  error?: string | undefined;
}) {
  const { t, pick } = useWords();
  const languages = vocab?.languages ?? [];
  const toggle = (code: string, on: boolean) =>
    onChange(on ? [...value, code] : value.filter((one) => one !== code));
  return (
    <Group label={t("languages")} help={t("languages-help")} error={error}
      testid="grant-languages">
      <ul className="language-grid">
        {languages.map((language) => (
          <li key={language.tag}>
            <span>{pick(language.name_zh, language.name_en)}</span>
            {kinds.map((kind) => (
              <Check key={kind} label={t(`language-kind-${kind}`)}
                checked={value.includes(`${language.tag}:${kind}`)}
                testid={`grant-language-${language.tag}-${kind}`}
                onChange={(on) => toggle(`${language.tag}:${kind}`, on)} />
            ))}
          </li>
        ))}
      </ul>
    </Group>
  );
}
