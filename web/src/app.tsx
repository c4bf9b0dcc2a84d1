// Routes, and who may see them: `/docs` and sign-in are open, the rest needs a session.

import { lazy, Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { useWords } from "./i18n.tsx";
import { HomePage } from "./pages/home.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { SessionOf, useMay, useSessionQuery } from "./session.tsx";
import { Shell } from "./shell/shell.tsx";
import { Loading, ProblemNote } from "./ui/basics.tsx";
import { Catch } from "./ui/catch.tsx";
import { Toasts } from "./ui/toast.tsx";

const loaders = {
  admin: () => import("./pages/admin.tsx"),
  case: () => import("./pages/case.tsx"),
  docs: () => import("./pages/docs.tsx"),
  evidence: () => import("./pages/evidence.tsx"),
  grant: () => import("./pages/grant.tsx"),
  ledger: () => import("./pages/ledger.tsx"),
  licence: () => import("./pages/licence.tsx"),
  master: () => import("./pages/master.tsx"),
  masters: () => import("./pages/masters.tsx"),
  match: () => import("./pages/match.tsx"),
  monitoring: () => import("./pages/monitoring.tsx"),
  rights: () => import("./pages/rights.tsx"),
  run: () => import("./pages/run.tsx"),
  settings: () => import("./pages/settings.tsx"),
  take: () => import("./pages/take.tsx"),
  takes: () => import("./pages/takes.tsx"),
  work: () => import("./pages/work.tsx"),
};

const AdminPage = lazy(async () => ({ default: (await loaders.admin()).AdminPage }));
const CasePage = lazy(async () => ({ default: (await loaders.case()).CasePage }));
const DocsPage = lazy(loaders.docs);
const EvidencePage = lazy(async () => ({ default: (await loaders.evidence()).EvidencePage }));
const GrantPage = lazy(async () => ({ default: (await loaders.grant()).GrantPage }));
const LedgerPage = lazy(async () => ({ default: (await loaders.ledger()).LedgerPage }));
const LicencePage = lazy(async () => ({ default: (await loaders.licence()).LicencePage }));
const MasterPage = lazy(async () => ({ default: (await loaders.master()).MasterPage }));
const MastersPage = lazy(async () => ({ default: (await loaders.masters()).MastersPage }));
const MatchPage = lazy(async () => ({ default: (await loaders.match()).MatchPage }));
const MonitoringPage = lazy(async () => ({
  default: (await loaders.monitoring()).MonitoringPage,
}));
const RightsPage = lazy(async () => ({ default: (await loaders.rights()).RightsPage }));
const RunPage = lazy(async () => ({ default: (await loaders.run()).RunPage }));
const SettingsPage = lazy(async () => ({ default: (await loaders.settings()).SettingsPage }));
const TakePage = lazy(async () => ({ default: (await loaders.take()).TakePage }));
const TakesPage = lazy(async () => ({ default: (await loaders.takes()).TakesPage }));
const WorkPage = lazy(async () => ({ default: (await loaders.work()).WorkPage }));

const fetchRestAfterMs = 2000;

/** Brings the other pages in once the first one stands, so that no later click waits. */
function useFetchRest() {
  useEffect(() => {
    const timer = window.setTimeout(() => {
      for (const load of Object.values(loaders)) void load().catch(() => {});
    }, fetchRestAfterMs);
    return () => window.clearTimeout(timer);
  }, []);
}

export function App() {
  const [path] = useLocation();
  return (
    <Catch where={path}>
      {path === "/docs" || path.startsWith("/docs/") ? (
        <Suspense fallback={<Loading />}>
          <DocsPage />
        </Suspense>
      ) : <Inside />}
      <Toasts />
    </Catch>
  );
}

function Inside() {
  const session = useSessionQuery();
  const { t } = useWords();
  if (session.isPending) return <main className="bare"><Loading /></main>;
  if (session.error && !session.data) {
    return (
      <main className="bare">
        <h1>{t("product")}</h1>
        <ProblemNote error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  const person = session.data?.person;
  if (!person) return <SignInPage version={session.data?.version ?? ""} />;
  return (
    <SessionOf person={person}>
      <Shell version={session.data?.version ?? ""}>
        <Pages />
      </Shell>
    </SessionOf>
  );
}

/** Moves focus to the new page's heading, as a full page load would. */
function useFocusOnArrival(path: string) {
  useEffect(() => {
    if (document.activeElement && document.activeElement !== document.body) {
      const inMain = document.activeElement.closest("main");
      if (inMain) return;
    }
    window.scrollTo(0, 0);
  }, [path]);
}

function Pages() {
  const [path] = useLocation();
  const mayReadStory = useMay("read-story");
  useFetchRest();
  useFocusOnArrival(path);
  return (
    <Catch where={path} key={path}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={mayReadStory ? HomePage : RightsPage} />
          <Route path="/runs/:id">{({ id }) => <RunPage id={id} />}</Route>
          <Route path="/takes" component={TakesPage} />
          <Route path="/takes/:id">{({ id }) => <TakePage id={id} />}</Route>
          <Route path="/masters" component={MastersPage} />
          <Route path="/masters/:id">{({ id }) => <MasterPage id={id} />}</Route>
          <Route path="/ledger" component={LedgerPage} />
          <Route path="/ledger/:id">{({ id }) => <EvidencePage id={id} />}</Route>
          <Route path="/rights" component={RightsPage} />
          <Route path="/rights/works/:id">{({ id }) => <WorkPage id={id} />}</Route>
          <Route path="/licences/new" component={GrantPage} />
          <Route path="/licences/:id">{({ id }) => <LicencePage id={id} />}</Route>
          <Route path="/monitoring" component={MonitoringPage} />
          <Route path="/matches/:id">{({ id }) => <MatchPage id={id} />}</Route>
          <Route path="/cases/:id">{({ id }) => <CasePage id={id} />}</Route>
          <Route path="/admin/:tab?">{({ tab }) => <AdminPage tab={tab ?? "people"} />}</Route>
          <Route path="/settings" component={SettingsPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Catch>
  );
}
