// Start of the web app: providers around the routes.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-aria-components";
import { useLocation } from "wouter";
import { ApiError } from "./api.ts";
import { App } from "./app.tsx";
import { Words } from "./i18n.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/pages.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) =>
        !(error instanceof ApiError && error.status >= 400 && error.status < 500) && count < 2,
    },
  },
});

function Navigation({ children }: { children: ReactNode }) {
  const [, go] = useLocation();
  return <RouterProvider navigate={(href) => go(href)}>{children}</RouterProvider>;
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Words>
          <Navigation>
            <App />
          </Navigation>
        </Words>
      </QueryClientProvider>
    </StrictMode>,
  );
}
