// Routes, and who may see them: `/docs` and sign-in are open, the rest needs a session.

import { lazy, Suspense, useEffect } from "react";
import { Route, Switch, useLocation } from "wouter";
import { useWords } from "./i18n.tsx";
import { CasePage } from "./pages/case.tsx";
import { EvidencePage } from "./pages/evidence.tsx";
import { HomePage } from "./pages/home.tsx";
import { LedgerPage } from "./pages/ledger.tsx";
import { MasterPage } from "./pages/master.tsx";
import { MastersPage } from "./pages/masters.tsx";
import { MonitoringPage } from "./pages/monitoring.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { RightsPage } from "./pages/rights.tsx";
import { RunPage } from "./pages/run.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { TakePage } from "./pages/take.tsx";
import { TakesPage } from "./pages/takes.tsx";
import { WorkPage } from "./pages/work.tsx";
import { SessionOf, useSessionQuery } from "./session.tsx";
import { Shell } from "./shell/shell.tsx";
import { Loading, ProblemNote } from "./ui/basics.tsx";
import { Catch } from "./ui/catch.tsx";
import { Toasts } from "./ui/toast.tsx";

const AdminPage = lazy(async () => ({ default: (await import("./pages/admin.tsx")).AdminPage }));
const GrantPage = lazy(async () => ({ default: (await import("./pages/grant.tsx")).GrantPage }));
const LicencePage = lazy(async () => ({
  default: (await import("./pages/licence.tsx")).LicencePage,
}));
const MatchPage = lazy(async () => ({ default: (await import("./pages/match.tsx")).MatchPage }));
const SettingsPage = lazy(async () => ({
  default: (await import("./pages/settings.tsx")).SettingsPage,
}));
const DocsPage = lazy(() => import("./pages/docs.tsx"));

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
  useFocusOnArrival(path);
  return (
    <Catch where={path} key={path}>
      <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={HomePage} />
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
