// Sign in. On the first run the house prints the account once in the terminal; say so.

import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, type Session } from "../api.ts";
import { useWords } from "../i18n.tsx";
import { LanguageToggle, ThemeToggle } from "../shell/shell.tsx";
import { Button, ProblemNote } from "../ui/basics.tsx";
import { TextField } from "../ui/fields.tsx";

export function SignInPage({ version }: { version: string }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { person } = await api.signIn(email.trim(), password);
      queries.setQueryData<Session>(["session"], { person, version });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <div className="sign-in-tools">
        <LanguageToggle />
        <ThemeToggle />
      </div>
      <form onSubmit={(event) => void submit(event)} className="card" data-testid="sign-in">
        <span className="brand-mark large" aria-hidden="true" />
        <h1>{t("sign-in-title")}</h1>
        <p className="sub">{t("product-line")}</p>
        <TextField label={t("email")} type="email" name="email" autoComplete="username" required
          value={email} onChange={setEmail} testid="sign-in-email" inputMode="email"
          spellCheck={false} />
        <TextField label={t("password")} type={shown ? "text" : "password"} name="password"
          autoComplete="current-password" required value={password} onChange={setPassword}
          testid="sign-in-password" spellCheck={false} />
        <label className="check">
          <input type="checkbox" checked={shown}
            onChange={(event) => setShown(event.target.checked)} />
          <span>{t("show-password")}</span>
        </label>
        {error ? <ProblemNote error={error} /> : null}
        <Button look="primary" type="submit" label={t("sign-in")} isPending={busy}
          testid="sign-in-submit" />
        <p className="help">{t("first-run-hint")}</p>
      </form>
    </main>
  );
}
