// The interface reference, drawn from the OpenAPI document by this page alone; works offline.

import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { api } from "../api.ts";
import { useWords } from "../i18n.tsx";
import { LanguageToggle, ThemeToggle } from "../shell/shell.tsx";
import { ButtonLink, Card, Loading, Note, PageHead, ProblemNote } from "../ui/basics.tsx";
import { useUrlParam } from "../url.ts";

interface Schema {
  $ref?: string;
  type?: string | string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: Schema | boolean;
  format?: string;
}

interface Content {
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string;
    schema?: Schema }[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}

interface OpenApi {
  info?: { title?: string; version?: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const methods = ["get", "post", "put", "patch", "delete"];

export default function DocsPage() {
  const { t } = useWords();
  const [path] = useLocation();
  const error = /^\/docs\/errors\/([A-Za-z0-9-]{1,16})$/.exec(path)?.[1];
  return (
    <div className="docs">
      <header className="docs-head">
        <Link href="/" className="brand">
          <span className="brand-mark" aria-hidden="true" />
          <span className="brand-name">{t("product")}</span>
        </Link>
        <span className="spring" />
        <LanguageToggle />
        <ThemeToggle />
      </header>
      <main id="content">
        {error ? <ErrorPage code={error.toUpperCase()} /> : <Reference />}
      </main>
    </div>
  );
}

function ErrorPage({ code }: { code: string }) {
  const { t, maybe } = useWords();
  const key = code.toLowerCase();
  return (
    <>
      <PageHead title={maybe(`error-${key}`) ?? t("error-any", { code })} sub={code}
        back={{ href: "/docs", label: t("nav-docs") }} />
      <Note>{maybe(`error-${key}-do`) ?? t("error-any-do")}</Note>
      <ButtonLink href="/" label={t("nav-home")} icon="home" />
    </>
  );
}

function Reference() {
  const { t } = useWords();
  const [wanted, setWanted] = useUrlParam("find");
  const query = useQuery({
    queryKey: ["openapi"], queryFn: api.openapi, staleTime: Infinity, meta: { live: false },
  });
  if (query.isPending) return <Loading />;
  if (!query.data) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  const doc = query.data as OpenApi;
  const schemas = Object.entries(doc.components?.schemas ?? {});
  const operations = Object.entries(doc.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      const text = `${method} ${path} ${operation?.summary ?? ""}`.toLowerCase();
      return operation && text.includes(wanted.toLowerCase()) ? [{ path, method, operation }] : [];
    }));
  return (
    <>
      <PageHead title={t("docs-title")} sub={t("docs-sub", {
        version: doc.info?.version ?? "", count: operations.length,
      })} actions={<a className="button plain" href="/api/openapi.json">{t("docs-raw")}</a>} />
      {doc.info?.description && <p className="lead">{doc.info.description}</p>}
      <div className="filters">
        <label className="filter">
          <span>{t("docs-find")}</span>
          <input value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </label>
      </div>
      <Card title={t("docs-calls")}>
        {operations.map(({ path, method, operation }) => (
          <Call key={method + path} path={path} method={method} operation={operation} />
        ))}
      </Card>
      <Card title={t("docs-schemas")}>
        {schemas.map(([name, schema]) => (
          <details key={name} id={`schema-${name}`} className="call">
            <summary><code>{name}</code></summary>
            {schema.description && <p className="sub">{schema.description}</p>}
            <Members schema={schema} />
          </details>
        ))}
      </Card>
    </>
  );
}

function Call({ path, method, operation }: {
  path: string; method: string; operation: Operation;
}) {
  const { t } = useWords();
  const body = schemaOf(operation.requestBody);
  return (
    <details className="call">
      <summary>
        <span className={`method ${method}`}>{method.toUpperCase()}</span>
        <code>{path}</code>
        <span className="quiet">{operation.summary}</span>
      </summary>
      {operation.description && <p className="sub">{operation.description}</p>}
      {operation.parameters && operation.parameters.length > 0 && (
        <>
          <h3>{t("docs-parameters")}</h3>
          <dl className="facts">
            {operation.parameters.map((one) => (
              <div key={one.in + one.name}>
                <dt><code>{one.name}</code></dt>
                <dd>
                  <TypeText schema={one.schema} /> · {one.in}
                  {one.required && ` · ${t("needed")}`} {one.description}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {body && (
        <>
          <h3>{t("docs-body")}</h3>
          <p><TypeText schema={body} /></p>
          <Members schema={body} />
        </>
      )}
      <h3>{t("docs-answers")}</h3>
      <dl className="facts">
        {Object.entries(operation.responses ?? {}).map(([status, answer]) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd><TypeText schema={schemaOf(answer)} /> {answer.description}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return Object.values(content?.content ?? {})[0]?.schema;
}

function Members({ schema }: { schema: Schema }) {
  const members = Object.entries(schema.properties ?? {});
  if (!members.length) return null;
  return (
    <dl className="facts">
      {members.map(([name, member]) => (
        <div key={name}>
          <dt><code>{name}</code></dt>
          <dd><TypeText schema={member} /> {member.description}</dd>
        </div>
      ))}
    </dl>
  );
}

function TypeText({ schema }: { schema: Schema | undefined }) {
  if (!schema) return null;
  const ref = schema.$ref?.split("/").at(-1);
  if (ref) return <a href={`#schema-${ref}`}><code>{ref}</code></a>;
  if (schema.items) return <><TypeText schema={schema.items} /><code>[]</code></>;
  const options = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (options) {
    return options.map((one, index) => (
      <span key={JSON.stringify(one)}>{index > 0 && " | "}<TypeText schema={one} /></span>
    ));
  }
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type ?? "any";
  return <code>{schema.enum ? schema.enum.map(String).join(" | ") : type}</code>;
}
