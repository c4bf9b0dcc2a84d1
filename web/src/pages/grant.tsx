// Grant a licence. Every change asks the server whether it could be granted; a refusal is shown
// at once with the licence that stands in the way and the nearest dates that are free.

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import type { GrantRequest, Refusal } from "../api.gen.ts";
import { api, ApiError, type GrantCheck } from "../api.ts";
import { decimalToMinor, minorDigits, useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Button, ButtonLink, Card, Empty, Note, PageHead, ProblemNote } from "../ui/basics.tsx";
import { Check, SelectField, TextField } from "../ui/fields.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.tsx";
import { useUrlParam } from "../url.ts";
import { Languages, MediaTree, Territories } from "./grant-fields.tsx";
import { useMediaText, useVocab, useWindowText } from "./rights.tsx";

const currencies = ["CNY", "USD", "EUR", "HKD", "JPY", "GBP", "KRW", "SGD"];
const askAfterMs = 300;

interface Draft {
  workId: string;
  licensee: string;
  territories: string;
  media: string[];
  languages: string[];
  startsOn: string;
  endsOn: string;
  exclusive: boolean;
  price: string;
  currency: string;
}

const isoDay = (offsetYears: number): string => {
  const today = new Date();
  const year = today.getUTCFullYear() + offsetYears;
  return `${String(year).padStart(4, "0")}-01-01`;
};

function requestOf(draft: Draft): GrantRequest | null {
  const price = decimalToMinor(draft.price || "0", minorDigits(draft.currency));
  const whole = draft.workId && draft.territories.trim() && draft.media.length && draft.startsOn;
  if (!whole || price === null) return null;
  return {
    work_id: draft.workId, licensee: draft.licensee.trim(), territories: draft.territories.trim(),
    media: draft.media,
    languages: draft.languages.length ? draft.languages : ["all"], starts_on: draft.startsOn,
    ends_on: draft.endsOn || null, exclusive: draft.exclusive, price_minor: price,
    currency: draft.currency,
  };
}

function useLater<T>(value: T, ms: number): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLater(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return later;
}

/** The server's answer to what is on the form now; null while nothing whole is on it. */
function useGrantCheck(draft: Draft) {
  const asked = useLater(useMemo(() => requestOf(draft), [draft]), askAfterMs);
  const query = useQuery({
    queryKey: ["grant-check", asked], enabled: asked !== null, retry: false, staleTime: 5000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.checkGrant({
      ...(asked as GrantRequest), licensee: asked?.licensee || "–",
    }, signal),
  });
  return { check: asked ? query.data ?? null : null, error: asked ? query.error : null,
    checking: query.isFetching };
}

export function GrantPage() {
  const { t } = useWords();
  const works = useQuery({ queryKey: ["works", "all"],
    queryFn: () => api.works({ limit: 200, sort: "created", dir: "desc" }) });
  if (works.data && works.data.rows.length === 0) {
    return (
      <>
        <PageHead title={t("grant-title")}
          back={{ href: "/rights", label: t("nav-rights-long") }} />
        <Empty icon="rights" title={t("works-empty")} why={t("works-empty-why")}
          action={<ButtonLink href="/" look="primary" icon="play" label={t("run-story")} />} />
      </>
    );
  }
  return (
    <>
      <PageHead title={t("grant-title")} sub={t("grant-sub")}
        back={{ href: "/rights", label: t("nav-rights-long") }} />
      {works.error && <ProblemNote error={works.error} retry={() => void works.refetch()} />}
      {works.data && <GrantForm works={works.data.rows} />}
    </>
  );
}

function GrantForm({ works }: { works: { id: string; title_zh: string; title_en: string }[] }) {
  const { t, pick } = useWords();
  const [, go] = useLocation();
  const [workFromUrl] = useUrlParam("work");
  const vocab = useVocab();
  const [draft, setDraft] = useState<Draft>(() => ({
    workId: workFromUrl || (works[0]?.id ?? ""), licensee: "", territories: "", media: [],
    languages: [], startsOn: isoDay(1), endsOn: isoDay(2), exclusive: false, price: "",
    currency: "CNY",
  }));
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const { check, error, checking } = useGrantCheck(draft);
  const grant = useMutation({
    mutationFn: (request: GrantRequest) => api.grant(request),
    onSuccess: (licence) => {
      toast("good", t("granted-to", { licensee: licence.licensee }));
      go(`/licences/${licence.id}`);
    },
  });
  const refusedBySubmit = grant.error instanceof ApiError ? grant.error.problem.refusal : null;
  const refusal = check ? check.refusal : refusedBySubmit;
  const fields = useFieldErrors(draft, tried, error ?? grant.error, refusal ?? null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const request = requestOf(draft);
    if (request && request.licensee) grant.mutate(request);
  };
  return (
    <form className="split" onSubmit={submit} data-testid="grant-form" noValidate>
      <div className="column">
        <Card title={t("grant-who")}>
          <SelectField label={t("work")} value={draft.workId} testid="grant-work"
            onChange={(workId) => set({ workId })} error={fields["work_id"]}
            options={works.map((work) => [work.id, pick(work.title_zh, work.title_en)])} />
          <TextField label={t("licensee")} value={draft.licensee} required maxLength={200}
            onChange={(licensee) => set({ licensee })} testid="grant-licensee"
            error={fields["licensee"]} autoComplete="organization" />
        </Card>
        <Card title={t("grant-what")}>
          <Territories vocab={vocab.data} value={draft.territories}
            onChange={(territories) => set({ territories })} check={check}
            error={fields["territories"]} />
          <MediaTree vocab={vocab.data} value={draft.media} onChange={(media) => set({ media })}
            error={fields["media"]} />
          <Languages vocab={vocab.data} value={draft.languages}
            onChange={(languages) => set({ languages })} error={fields["languages"]} />
          <Check label={t("grant-exclusive")} checked={draft.exclusive} testid="grant-exclusive"
            onChange={(exclusive) => set({ exclusive })} />
        </Card>
        <Card title={t("grant-when")}>
          <div className="two">
            <TextField label={t("starts-on")} type="date" value={draft.startsOn} required
              onChange={(startsOn) => set({ startsOn })} testid="grant-starts-on"
              help={t("starts-on-help")} error={fields["starts_on"]} />
            <TextField label={t("ends-on")} type="date" value={draft.endsOn}
              onChange={(endsOn) => set({ endsOn })} testid="grant-ends-on"
              help={t("ends-on-help")} error={fields["ends_on"]} />
          </div>
        </Card>
        <Card title={t("grant-price")}>
          <div className="two">
            <TextField label={t("price")} value={draft.price} inputMode="decimal"
              onChange={(price) => set({ price })} testid="grant-price" placeholder="0"
              error={fields["price_minor"]} />
            <SelectField label={t("currency")} value={draft.currency} testid="grant-currency"
              onChange={(currency) => set({ currency })}
              options={currencies.map((code) => [code, code])} />
          </div>
        </Card>
      </div>
      <aside className="column sticky" aria-label={t("grant-answer")}>
        <Answer check={check} refusal={refusal ?? null} checking={checking}
          useWindow={(free) => set({ startsOn: free.starts_on, endsOn: free.ends_on ?? "" })} />
        {grant.error && !refusedBySubmit && <ProblemNote error={grant.error} />}
        <Button look="primary" type="submit" icon="check" label={t("grant-submit")}
          isPending={grant.isPending} testid="grant-submit" />
      </aside>
    </form>
  );
}

/** What is missing or wrong, by the request's own field names. */
function useFieldErrors(draft: Draft, tried: boolean, error: unknown, refusal: Refusal | null) {
  const { t, pick } = useWords();
  const errors: Record<string, string> = {};
  if (error instanceof ApiError) {
    for (const field of error.problem.fields ?? []) {
      errors[field.name] = pick(field.detail_zh, field.detail_en);
    }
  }
  if (refusal?.field) errors[refusal.field] = pick(refusal.text_zh, refusal.text_en);
  if (draft.price && decimalToMinor(draft.price, minorDigits(draft.currency)) === null) {
    errors["price_minor"] = t("price-wrong", { digits: minorDigits(draft.currency) });
  }
  if (draft.endsOn && draft.endsOn <= draft.startsOn) errors["ends_on"] = t("ends-before-start");
  if (tried) {
    if (!draft.licensee.trim()) errors["licensee"] = t("needed");
    if (!draft.territories.trim()) errors["territories"] = t("needed");
    if (!draft.media.length) errors["media"] = t("needed-one");
    if (!draft.startsOn) errors["starts_on"] = t("needed");
  }
  return errors;
}

function Answer({ check, refusal, checking, useWindow }: {
  check: GrantCheck | null; refusal: Refusal | null; checking: boolean;
  useWindow: (free: { starts_on: string; ends_on?: string | null }) => void;
}) {
  const { t } = useWords();
  const state = refusal ? "refused" : check?.free ? "free" : "incomplete";
  return (
    <div className={`card answer ${state}`} role="status" data-testid="grant-answer"
      data-state={state} data-checking={checking}>
      <h2>
        <Icon name={state === "refused" ? "cross" : state === "free" ? "check" : "info"} />
        {t(`grant-${state}`)}
      </h2>
      {!refusal && <p className="sub">{t(`grant-${state}-sub`)}</p>}
      {refusal && <RefusalNote refusal={refusal} useWindow={useWindow} />}
    </div>
  );
}

function RefusalNote({ refusal, useWindow }: {
  refusal: Refusal; useWindow: (free: { starts_on: string; ends_on?: string | null }) => void;
}) {
  const { t, pick } = useWords();
  const f = useFormat();
  const windowText = useWindowText();
  const mediaText = useMediaText();
  const { witness, nearest_free: free } = refusal;
  return (
    <div data-testid="grant-refusal" data-code={refusal.code}>
      <p>{pick(refusal.text_zh, refusal.text_en)}</p>
      {witness && (
        <Note tone="warn">
          <p>{t("grant-witness")}</p>
          <p>
            <Link href={`/licences/${witness.licence_id}`} data-testid="grant-witness">
              {witness.licensee}
            </Link>
          </p>
          <p className="quiet">
            {witness.territories} · {f.list(mediaText(witness.media))} ·{" "}
            {windowText(witness.starts_on, witness.ends_on)}
          </p>
        </Note>
      )}
      {free && (
        <>
          <p>{t("grant-nearest", { window: windowText(free.starts_on, free.ends_on) })}</p>
          <Button icon="clock" label={t("grant-use-nearest")} testid="grant-use-nearest"
            onPress={() => useWindow(free)} />
        </>
      )}
    </div>
  );
}
