// People: invite, role, disable, reset; a one-time password is shown once and never again.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Person } from "../api.gen.ts";
import { api } from "../api.ts";
import { useFormat } from "../format.ts";
import { useWords } from "../i18n.tsx";
import { usePerson } from "../session.tsx";
import {
  Badge, Button, Copyable, Loading, Note, problemOf, ProblemNote, useProblemText,
} from "../ui/basics.tsx";
import { Sheet } from "../ui/dialog.tsx";
import { SelectField, TextField } from "../ui/fields.tsx";
import { toast } from "../ui/toast.tsx";

const roles = [
  "owner", "producer", "rights-manager", "licensee", "authority", "auditor", "park-staff",
];

interface Secret {
  name: string;
  email: string;
  password: string;
}

export function PeoplePart() {
  const { t } = useWords();
  const queries = useQueryClient();
  const people = useQuery({ queryKey: ["people"], queryFn: () => api.people({ limit: 500 }) });
  const [inviting, setInviting] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const changed = (person: Person, password?: string | null) => {
    void queries.invalidateQueries({ queryKey: ["people"] });
    if (password) setSecret({ name: person.name, email: person.email, password });
  };
  if (people.isPending) return <Loading />;
  if (!people.data) {
    return <ProblemNote error={people.error} retry={() => void people.refetch()} />;
  }
  return (
    <>
      <div className="filters">
        <span className="spring" />
        <Button look="primary" icon="plus" label={t("invite")} testid="invite"
          onPress={() => setInviting(true)} />
      </div>
      <div className="table-scroll">
        <table aria-label={t("admin-people")} data-testid="people-table">
          <thead>
            <tr>
              <th scope="col">{t("name")}</th>
              <th scope="col">{t("email")}</th>
              <th scope="col">{t("role")}</th>
              <th scope="col">{t("state")}</th>
              <th scope="col">{t("created")}</th>
              <th scope="col">{t("actions")}</th>
            </tr>
          </thead>
          <tbody>
            {people.data.rows.map((person) => (
              <PersonRow key={person.id} person={person} changed={changed} />
            ))}
          </tbody>
        </table>
      </div>
      {inviting && <Invite close={() => setInviting(false)} done={(person, password) => {
        setInviting(false);
        changed(person, password);
      }} />}
      {secret && <SecretSheet secret={secret} close={() => setSecret(null)} />}
    </>
  );
}

function PersonRow({ person, changed }: {
  person: Person; changed: (person: Person, password?: string | null) => void;
}) {
  const { t } = useWords();
  const f = useFormat();
  const me = usePerson();
  const textOf = useProblemText();
  const [resetting, setResetting] = useState(false);
  const patch = useMutation({
    mutationFn: (json: { role?: string; enabled?: boolean; reset_password?: true }) =>
      api.patchPerson(person.id, json),
    onSuccess: (answer) => {
      changed(answer.person, answer.one_time_password);
      setResetting(false);
      if (!answer.one_time_password) toast("good", t("saved"));
    },
    onError: (error) => toast("bad", textOf(problemOf(error))),
  });
  const self = me.id === person.id;
  return (
    <tr data-row={person.id}>
      <td data-label={t("name")}>{person.name}</td>
      <td data-label={t("email")}>{person.email}</td>
      <td data-label={t("role")}>
        <select value={person.role} disabled={self || patch.isPending}
          aria-label={t("role-of", { name: person.name })}
          onChange={(event) => patch.mutate({ role: event.target.value })}>
          {roles.map((role) => <option key={role} value={role}>{t(`role-${role}`)}</option>)}
        </select>
      </td>
      <td data-label={t("state")}>
        <Badge tone={person.enabled ? "good" : "warn"}>
          {t(person.enabled ? "person-enabled" : "person-disabled")}
        </Badge>
      </td>
      <td data-label={t("created")}>{f.day(person.created)}</td>
      <td data-label={t("actions")}>
        <span className="actions small">
          <Button look="quiet" isDisabled={self || patch.isPending}
            label={t(person.enabled ? "disable" : "enable")}
            onPress={() => patch.mutate({ enabled: !person.enabled })} />
          <Button look="quiet" isDisabled={patch.isPending} label={t("reset-password")}
            onPress={() => setResetting(true)} />
        </span>
        <Sheet title={t("reset-of", { name: person.name })} open={resetting} alert
          close={() => setResetting(false)}>
          <div className="stack">
            <Note tone="warn">{t("reset-what")}</Note>
            <div className="actions end">
              <Button label={t("cancel")} onPress={() => setResetting(false)} />
              <Button look="danger" label={t("reset-password")} isPending={patch.isPending}
                onPress={() => patch.mutate({ reset_password: true })} />
            </div>
          </div>
        </Sheet>
      </td>
    </tr>
  );
}

function Invite({ close, done }: {
  close: () => void; done: (person: Person, password: string) => void;
}) {
  const { t, locale } = useWords();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState("producer");
  const [language, setLanguage] = useState<string>(locale);
  const invite = useMutation({
    mutationFn: () => api.invite({
      email: email.trim(), name: name.trim(), role, locale: language,
    }),
    onSuccess: (answer) => done(answer.person, answer.one_time_password),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  return (
    <Sheet title={t("invite")} open close={close} testid="invite-dialog">
      <form className="stack" onSubmit={submit}>
        <TextField label={t("name")} value={name} onChange={setName} required maxLength={120} />
        <TextField label={t("email")} type="email" value={email} onChange={setEmail} required
          inputMode="email" maxLength={200} />
        <SelectField label={t("role")} value={role} onChange={setRole} help={t(`role-${role}-may`)}
          options={roles.map((one) => [one, t(`role-${one}`)])} />
        <SelectField label={t("language")} value={language} onChange={setLanguage}
          options={[["zh-CN", t("language-zh")], ["en", t("language-en")]]} />
        {invite.error && <ProblemNote error={invite.error} />}
        <div className="actions end">
          <Button label={t("cancel")} onPress={close} />
          <Button look="primary" type="submit" label={t("invite")} isPending={invite.isPending} />
        </div>
      </form>
    </Sheet>
  );
}

function SecretSheet({ secret, close }: { secret: Secret; close: () => void }) {
  const { t } = useWords();
  return (
    <Sheet title={t("one-time-of", { name: secret.name })} open close={close} alert>
      <div className="stack">
        <Note tone="warn">{t("one-time-what")}</Note>
        <Copyable text={secret.email} label={t("email")} />
        <Copyable text={secret.password} label={t("password")} />
        <div className="actions end">
          <Button look="primary" label={t("one-time-kept")} onPress={close} />
        </div>
      </div>
    </Sheet>
  );
}
