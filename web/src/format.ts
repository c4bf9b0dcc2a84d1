// Numbers, money, time and sizes as each language writes them. Pure; times are integer µs UTC.

import { useMemo } from "react";
import { useWords, type Locale } from "./i18n.tsx";

const intl = (locale: Locale) => (locale === "en" ? "en-GB" : "zh-CN");

/** How many decimal digits a currency has: 2 for CNY, 0 for JPY. */
export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency })
      .resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Minor units as an exact decimal text, `-1234` of 2 digits is `-12.34`. */
export function minorToDecimal(minor: number, digits: number): string {
  const sign = minor < 0 ? "-" : "";
  const text = Math.abs(minor).toFixed(0).padStart(digits + 1, "0");
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The inverse; null when the text is no amount of that many digits. */
export function decimalToMinor(text: string, digits: number): number | null {
  const plain = text.trim().replaceAll(/[,，\s]/g, "");
  const match = /^(\d{1,13})(?:\.(\d*))?$/.exec(plain);
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > digits) return null;
  const minor = Number((match[1] ?? "") + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}

export function makeFormat(locale: Locale) {
  const tag = intl(locale);
  const plain = new Intl.NumberFormat(tag);
  const compact = new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(tag, { dateStyle: "long" });
  const dayUtc = new Intl.DateTimeFormat(tag, { dateStyle: "long", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(tag, {
    year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit",
    second: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  const short = new Intl.DateTimeFormat(tag, {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const clock = new Intl.DateTimeFormat(tag, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const unit = (value: number, name: string, digits = 0) =>
    new Intl.NumberFormat(tag, {
      style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits,
    }).format(value);

  return {
    number: (value: number, digits = 0) =>
      digits ? new Intl.NumberFormat(tag, { maximumFractionDigits: digits }).format(value)
        : plain.format(value),
    /** 1.2万 or 12K for big counts, plain below 10,000. */
    count: (value: number) => (Math.abs(value) < 10_000 ? plain : compact).format(value),
    percent: (ratio: number, digits = 0) =>
      new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: digits })
        .format(ratio),
    money: (minor: number, currency: string) => {
      const decimal = minorToDecimal(minor, minorDigits(currency));
      try {
        const format = new Intl.NumberFormat(tag, { style: "currency", currency });
        return format.format(decimal as unknown as number);
      } catch {
        return `${decimal} ${currency}`;
      }
    },
    /** 2026年11月21日 of an instant, in this browser's zone. */
    day: (micros: number) => day.format(micros / 1000),
    /** 2026年11月21日 of an ISO calendar date, which has no zone. */
    date: (iso: string) => {
      const at = Date.parse(`${iso}T00:00:00Z`);
      return Number.isNaN(at) ? iso : dayUtc.format(at);
    },
    moment: (micros: number) => moment.format(micros / 1000),
    short: (micros: number) => short.format(micros / 1000),
    clock: (millis: number) => clock.format(millis),
    ago: (micros: number, nowMillis = Date.now()) => {
      const secs = Math.round(micros / 1e6 - nowMillis / 1000);
      const size = Math.abs(secs);
      if (size < 60) return relative.format(secs, "second");
      if (size < 3600) return relative.format(Math.round(secs / 60), "minute");
      if (size < 86_400) return relative.format(Math.round(secs / 3600), "hour");
      return relative.format(Math.round(secs / 86_400), "day");
    },
    duration: (micros: number) => {
      const secs = micros / 1e6;
      if (secs < 60) return unit(secs, "second", secs < 10 ? 2 : 1);
      const minutes = Math.floor(secs / 60);
      const rest = unit(Math.round(secs % 60), "second");
      if (minutes < 60) return `${unit(minutes, "minute")} ${rest}`;
      return `${unit(Math.floor(minutes / 60), "hour")} ${unit(minutes % 60, "minute")}`;
    },
    bytes: (value: number) => {
      const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
      const step = Math.min(names.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3));
      return unit(value / 1000 ** step, names[step] ?? "byte", step ? 1 : 0);
    },
    zone: () => new Intl.DateTimeFormat(tag, { timeZoneName: "long" })
      .formatToParts(Date.now()).find((part) => part.type === "timeZoneName")?.value ?? "",
    collator: new Intl.Collator(tag),
    list: (items: string[]) => new Intl.ListFormat(tag, { type: "conjunction" }).format(items),
  };
}

export type Format = ReturnType<typeof makeFormat>;

export function useFormat(): Format {
  const { locale } = useWords();
  return useMemo(() => makeFormat(locale), [locale]);
}
