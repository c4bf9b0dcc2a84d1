// The small parts every page is made of: badge, button, card, empty state, problem, copy field.

import { useState, type ReactNode } from "react";
import { Button as AriaButton, type ButtonProps, ProgressBar } from "react-aria-components";
import { Link } from "wouter";
import { ApiError, type Problem } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { toast } from "./toast.tsx";

type Look = "primary" | "plain" | "quiet" | "danger";

interface OwnButtonProps extends Omit<ButtonProps, "className" | "children"> {
  look?: Look;
  icon?: IconName;
  /** Only the icon is drawn; the label is spoken and shown as a tooltip. */
  iconOnly?: boolean;
  label: string;
  testid?: string;
}

export function Button({ look = "plain", icon, iconOnly, label, testid, ...rest }: OwnButtonProps) {
  return (
    <AriaButton
      {...rest} data-testid={testid} className={`button ${look}${iconOnly ? " square" : ""}`}
      {...(iconOnly ? { "aria-label": label } : {})}
    >
      {icon && <Icon name={icon} />}
      {iconOnly ? <span className="tip" aria-hidden="true">{label}</span> : <span>{label}</span>}
    </AriaButton>
  );
}

export function ButtonLink({ look = "plain", icon, label, testid, href }: {
  look?: Look; icon?: IconName; label: string; testid?: string; href: string;
}) {
  return (
    <Link href={href} className={`button ${look}`} data-testid={testid}>
      {icon && <Icon name={icon} />}
      <span>{label}</span>
    </Link>
  );
}

export function Download({ href, label, icon = "download", testid, newTab }: {
  href: string; label: string; icon?: IconName; testid?: string; newTab?: boolean;
}) {
  return (
    <a
      className="button plain" href={href} data-testid={testid}
      {...(newTab ? { target: "_blank", rel: "noreferrer" } : { download: "" })}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  );
}

export type Tone = "good" | "bad" | "warn" | "live" | "idle";

const toneIcons: Record<Tone, IconName> = {
  good: "check", bad: "cross", warn: "warn", live: "clock", idle: "info",
};

export function Badge({ tone, children, icon }: {
  tone: Tone; children: ReactNode; icon?: IconName;
}) {
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon ?? toneIcons[tone]} size={14} />
      {children}
    </span>
  );
}

export function Card({ title, actions, children, flush, testid, className }: {
  title?: string; actions?: ReactNode; children: ReactNode; flush?: boolean; testid?: string;
  className?: string;
}) {
  return (
    <section className={`card ${flush ? "flush" : ""} ${className ?? ""}`} data-testid={testid}>
      {(title || actions) && (
        <header className="card-head">
          {title && <h2>{title}</h2>}
          {actions && <div className="actions">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

/** Facts as name and value pairs. */
export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What it is, why it is empty, and the one next action. */
export function Empty({ icon, title, why, action }: {
  icon: IconName; title: string; why: string; action?: ReactNode;
}) {
  return (
    <div className="empty" data-testid="empty-state">
      <Icon name={icon} size={36} />
      <h2>{title}</h2>
      <p>{why}</p>
      {action}
    </div>
  );
}

export function useProblemText(): (problem: Problem) => string {
  const { t, maybe, pick } = useWords();
  return (problem) => {
    if (problem.status === 0 && problem.code === "network") return t("problem-network");
    const refusal = problem.refusal;
    return pick(refusal?.text_zh, refusal?.text_en)
      || pick(problem.detail_zh, problem.detail_en)
      || maybe(`problem-${problem.status}`)
      || t("problem-unknown", { status: problem.status });
  };
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { code: "client", title: String(error), status: 0 };
}

export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useWords();
  const textOf = useProblemText();
  const problem = problemOf(error);
  return (
    <div className="note bad" role="alert">
      <Icon name="warn" />
      <div>
        <p>{textOf(problem)}</p>
        {problem.fields?.map((field) => <FieldProblem key={field.name} field={field} />)}
        {(problem.trace_id || problem.code) && (
          <p className="quiet mono">
            {problem.code} {problem.trace_id && t("problem-trace", { id: problem.trace_id })}
          </p>
        )}
      </div>
      {retry && <Button label={t("retry")} icon="retry" onPress={retry} />}
    </div>
  );
}

function FieldProblem({ field }: { field: NonNullable<Problem["fields"]>[number] }) {
  const { pick } = useWords();
  return <p>{pick(field.detail_zh, field.detail_en)}</p>;
}

export function Note({ tone = "info", children }: {
  tone?: "info" | "good" | "bad" | "warn"; children: ReactNode;
}) {
  const icon: IconName = tone === "good" ? "check" : tone === "info" ? "info" : "warn";
  return (
    <div className={`note ${tone}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function Copyable({ text, label }: { text: string; label: string }) {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) {
      toast("bad", t("copy-failed"));
      return;
    }
    setCopied(true);
    toast("good", t("copied", { what: label }));
    window.setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span className="copyable">
      <code>{text}</code>
      <Button
        look="quiet" icon={copied ? "check" : "copy"} iconOnly
        label={t("copy-what", { what: label })} onPress={() => void copy()}
      />
    </span>
  );
}

/** A progress bar with its number; `ppm` is parts per million. */
export function Meter({ ppm, label }: { ppm: number; label: string }) {
  const f = useFormat();
  const ratio = Math.min(1, Math.max(0, ppm / 1_000_000));
  return (
    <ProgressBar value={ratio * 100} aria-label={label} valueLabel={f.percent(ratio)}
      className="meter">
      <span className="meter-track"><span style={{ width: `${ratio * 100}%` }} /></span>
      <span className="meter-value">{f.percent(ratio)}</span>
    </ProgressBar>
  );
}

export function Loading() {
  const { t } = useWords();
  return (
    <div className="loading" role="status">
      <span className="skeleton" />
      <span className="skeleton" />
      <span className="skeleton" />
      <span className="sr-only">{t("loading")}</span>
    </div>
  );
}

export function PageHead({ title, sub, actions, back }: {
  title: string; sub?: ReactNode; actions?: ReactNode; back?: { href: string; label: string };
}) {
  return (
    <header className="page-head">
      <div>
        {back && (
          <Link href={back.href} className="crumb">
            <Icon name="left" size={14} />
            {back.label}
          </Link>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {sub && <p className="sub">{sub}</p>}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </header>
  );
}
