// Who is signed in and what that role may do; the server decides, this only hides dead ends.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import { api, whenSignedOut, type Session, type SessionPerson } from "./api.ts";
import { savedLocale, useWords } from "./i18n.tsx";

type Action = "run-story" | "grant" | "upload" | "manage-people" | "read-audit" | "close-case"
  | "manage-jobs" | "read-story";

const allowed: Record<Action, readonly string[] | "all-but-guests"> = {
  "run-story": ["owner", "producer"],
  grant: ["owner", "rights-manager"],
  upload: "all-but-guests",
  "manage-people": ["owner"],
  "read-audit": ["owner", "auditor"],
  "close-case": ["owner", "rights-manager"],
  "manage-jobs": ["owner", "producer"],
  "read-story": ["owner", "producer", "rights-manager", "authority", "auditor", "park-staff"],
};

export function may(person: SessionPerson, action: Action): boolean {
  const roles = allowed[action];
  if (roles === "all-but-guests") return person.role !== "licensee" && person.role !== "auditor";
  return roles.includes(person.role);
}

const Context = createContext<SessionPerson | null>(null);

export function useSessionQuery() {
  return useQuery({ queryKey: ["session"], queryFn: api.session, staleTime: Infinity });
}

export function SessionOf({ person, children }: { person: SessionPerson; children: ReactNode }) {
  const queries = useQueryClient();
  const { locale, setLocale } = useWords();
  useEffect(() => {
    whenSignedOut(() => {
      queries.setQueryData<Session>(["session"], (old) =>
        old ? { ...old, person: null } : old);
    });
  }, [queries]);
  useEffect(() => {
    const own = person.locale === "en" ? "en" : "zh-CN";
    if (!savedLocale() && own !== locale) setLocale(own);
  }, [person.id]);
  return <Context.Provider value={person}>{children}</Context.Provider>;
}

export function usePerson(): SessionPerson {
  const person = useContext(Context);
  if (!person) throw new Error("usePerson without a session");
  return person;
}

export function useMay(action: Action): boolean {
  return may(usePerson(), action);
}
