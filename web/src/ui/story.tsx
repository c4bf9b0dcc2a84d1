// One run of the story: six steps, live, each with what it measured.

import { useMutation } from "@tanstack/react-query";
import type { StoryRun, StoryStep } from "../api.gen.ts";
import { api } from "../api.ts";
import { useJobs } from "../events.ts";
import { useFormat, type Format } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { useMay } from "../session.tsx";
import { useJobWords } from "../shell/jobs.tsx";
import { Badge, Button, Meter, ProblemNote, type Tone } from "./basics.tsx";
import { Icon, type IconName } from "./icons.tsx";

export const runTones: Record<string, Tone> = {
  running: "live", done: "good", failed: "bad", cancelled: "warn", waiting: "idle",
};

const stepIcons: Record<string, IconName> = {
  waiting: "clock", running: "play", done: "check", failed: "cross", cancelled: "cross",
};

/** A figure as people read it, from the unit that its name ends with. */
function figureText(
  name: string, value: unknown, f: Format, maybe: (id: string) => string | null,
): string | null {
  if (/_id$|^headline$|^clip_|blob$|hash$/.test(name)) return null;
  if (typeof value === "string") {
    const word = maybe(`format-${value}`) ?? maybe(`verdict-${value}`);
    if (word) return word;
  }
  if (typeof value === "string") return value.length > 60 ? `${value.slice(0, 57)}…` : value;
  if (typeof value === "boolean") return null;
  if (typeof value !== "number") return Array.isArray(value) ? f.number(value.length) : null;
  if (name.endsWith("_us")) return f.duration(value);
  if (name.endsWith("_ms")) return f.duration(value * 1000);
  if (name.endsWith("_secs")) return f.duration(value * 1e6);
  if (name.endsWith("bytes")) return f.bytes(value);
  if (name.endsWith("_ratio") || name.endsWith("share")) return f.percent(value, 1);
  return f.number(value, Number.isInteger(value) ? 0 : 3);
}

export function Figures({ figures, limit }: { figures: unknown; limit?: number }) {
  const { maybe } = useWords();
  const f = useFormat();
  if (!figures || typeof figures !== "object") return null;
  const rows = Object.entries(figures).flatMap(([name, value]) => {
    const text = figureText(name, value, f, maybe);
    const label = maybe(`figure-${name.replaceAll("_", "-")}`);
    return text === null || (limit && !label) ? [] : [[label ?? name, text] as const];
  });
  return (
    <dl className="figures">
      {rows.slice(0, limit ?? 40).map(([label, text]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

export function StoryProgress({ run, full }: { run: StoryRun; full?: boolean }) {
  const { t, pick } = useWords();
  const f = useFormat();
  const mayRun = useMay("run-story");
  const cancel = useMutation({ mutationFn: () => api.cancelStory(run.id) });
  const retry = useMutation({ mutationFn: () => api.retryStory(run.id) });
  const done = run.steps.filter((step) => step.state === "done").length;
  return (
    <div className="story" data-testid="story" data-state={run.state} data-run={run.id}>
      <div className="story-head">
        <strong className="clip-text">{pick(run.title_zh, run.title_en)}</strong>
        <Badge tone={runTones[run.state] ?? "idle"}>{t(`run-${run.state}`)}</Badge>
        <span className="quiet">{t("started-at", { time: f.moment(run.created) })}</span>
        <span className="actions">
          {mayRun && run.state === "running" && (
            <Button label={t("cancel")} icon="cross" onPress={() => cancel.mutate()}
              isPending={cancel.isPending} testid="cancel-story" />
          )}
          {mayRun && (run.state === "failed" || run.state === "cancelled") && (
            <Button label={t("retry")} icon="retry" onPress={() => retry.mutate()}
              isPending={retry.isPending} testid="retry-story" />
          )}
        </span>
      </div>
      <ol className="steps" aria-label={t("story-steps", { done, total: run.steps.length })}>
        {run.steps.map((step) => <Step key={step.name} step={step} full={full ?? false} />)}
      </ol>
      {run.error && <p className="error" role="alert">{run.error}</p>}
      {(cancel.error || retry.error) && <ProblemNote error={cancel.error ?? retry.error} />}
    </div>
  );
}

function Step({ step, full }: { step: StoryStep; full: boolean }) {
  const { t } = useWords();
  const f = useFormat();
  const words = useJobWords();
  const job = useJobs().find((one) => one.id === step.job_id);
  const took = step.started && step.finished ? f.duration(step.finished - step.started) : "";
  return (
    <li className={`step ${step.state}`} data-testid={`story-step-${step.name}`}
      data-state={step.state}>
      <span className="step-mark"><Icon name={stepIcons[step.state] ?? "clock"} size={16} /></span>
      <div className="step-body">
        <div className="step-head">
          <strong>{t(`verb-${step.name}`)}</strong>
          <span className="quiet">{took || t(`step-${step.state}`)}</span>
        </div>
        {step.state === "running" && job && (
          <>
            <Meter ppm={job.progress_ppm} label={t(`verb-${step.name}`)} />
            {job.stage && <span className="quiet">{words.stage(job)}</span>}
          </>
        )}
        {full ? <Figures figures={step.figures} /> : <Figures figures={step.figures} limit={3} />}
      </div>
    </li>
  );
}
