// One's own name, language, theme, keys and password.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, type Session } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords, type Locale } from "../i18n.tsx";
import { usePref, useTheme, type Theme } from "../prefs.ts";
import { usePerson } from "../session.tsx";
import { Button, Card, Facts, PageHead, ProblemNote } from "../ui/basics.tsx";
import { Check, SelectField, TextField } from "../ui/fields.tsx";
import { toast } from "../ui/toast.tsx";

export function SettingsPage() {
  const { t } = useWords();
  return (
    <>
      <PageHead title={t("settings")} />
      <div className="split even">
        <Profile />
        <Looks />
        <Password />
      </div>
    </>
  );
}

function Profile() {
  const { t } = useWords();
  const f = useFormat();
  const person = usePerson();
  const queries = useQueryClient();
  const [name, setName] = useState(person.name);
  const save = useMutation({
    mutationFn: () => api.patchSession({ name: name.trim() }),
    onSuccess: ({ person: next }) => {
      queries.setQueryData<Session>(["session"], (old) => old && { ...old, person: next });
      toast("good", t("saved"));
    },
  });
  return (
    <Card title={t("profile")}>
      <form className="stack" onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) save.mutate();
      }}>
        <TextField label={t("name")} value={name} onChange={setName} required maxLength={120}
          autoComplete="name" testid="profile-name" />
        <Facts rows={[
          [t("email"), person.email],
          [t("role"), t(`role-${person.role}`)],
          [t("organisation"), person.organisation],
          [t("time-zone"), f.zone()],
        ]} />
        {save.error && <ProblemNote error={save.error} />}
        <Button type="submit" look="primary" label={t("save")} isPending={save.isPending} />
      </form>
    </Card>
  );
}

function Looks() {
  const { t, locale, setLocale } = useWords();
  const [theme, setTheme] = useTheme();
  const [keys, setKeys] = usePref("player-keys", "on");
  return (
    <Card title={t("looks")}>
      <div className="stack">
        <SelectField label={t("language")} value={locale} testid="settings-language"
          options={[["zh-CN", t("language-zh")], ["en", t("language-en")]]}
          onChange={(value) => {
            setLocale(value as Locale);
            void api.patchSession({ locale: value }).catch(() => {});
          }} />
        <SelectField label={t("theme")} value={theme} testid="settings-theme"
          options={[["dark", t("theme-dark")], ["light", t("theme-light")],
            ["system", t("theme-system")]]}
          onChange={(value) => setTheme(value as Theme)} />
        <Check label={t("keys-on")} checked={keys !== "off"}
          onChange={(on) => setKeys(on ? "on" : "off")} />
      </div>
    </Card>
  );
}

function Password() {
  const { t } = useWords();
  const person = usePerson();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => api.patchSession({ old_password: old, new_password: next }),
    onSuccess: () => {
      setOld("");
      setNext("");
      toast("good", t("password-changed"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Card title={t("password-change")}>
      <form className="stack" onSubmit={submit}>
        <input type="text" hidden readOnly autoComplete="username" value={person.email} />
        <TextField label={t("password-old")} type="password" value={old} onChange={setOld} required
          autoComplete="current-password" />
        <TextField label={t("password-new")} type="password" value={next} onChange={setNext}
          required autoComplete="new-password" help={t("password-help")} />
        {change.error && <ProblemNote error={change.error} />}
        <Button type="submit" label={t("password-change")} isPending={change.isPending} />
      </form>
    </Card>
  );
}
