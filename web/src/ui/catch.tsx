// When a page breaks: say so, keep the rest, give a number to report.

import { Component, type ErrorInfo, type ReactNode } from "react";
import { useWords } from "../i18n.tsx";
import { Button } from "./basics.tsx";

interface Props {
  where: string;
  children: ReactNode;
}

interface State {
  error: Error | null;
  traceId: string;
}

export class Catch extends Component<Props, State> {
  override state: State = { error: null, traceId: "" };

  static getDerivedStateFromError(error: Error): State {
    const bytes = crypto.getRandomValues(new Uint8Array(6));
    const traceId = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { error, traceId };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(this.state.traceId, error, info.componentStack);
  }

  override render(): ReactNode {
    const { error, traceId } = this.state;
    return error ? <Broken error={error} traceId={traceId} /> : this.props.children;
  }
}

function Broken({ error, traceId }: { error: Error; traceId: string }) {
  const { t } = useWords();
  return (
    <div className="bare" role="alert">
      <h1>{t("broken-title")}</h1>
      <p>{t("broken-text")}</p>
      <p className="quiet mono">{t("problem-trace", { id: traceId })}</p>
      <pre className="code">{error.message}</pre>
      <Button look="primary" icon="retry" label={t("reload")}
        onPress={() => window.location.reload()} />
    </div>
  );
}
