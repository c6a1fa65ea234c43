import { type DialectApp, type DialectDeps, openDialect } from "../kit/open-dialect.ts";
import { addAgents } from "./agents.ts";
import { areaOf } from "./area-of.ts";
import { addCallControl } from "./call-control.ts";
import { addCalls } from "./calls.ts";
import { showError } from "./errors.ts";
import { addWebCalls } from "./web-calls.ts";

/** HMS Sovereign's API, which its clients reach at the base URL `…/hms/api/v1`. */
export function openHms(deps: DialectDeps): DialectApp {
  return openDialect(
    deps,
    {
      showError,
      workspaceHeader: "X-Organization-Id",
      isPublic: (path) => path.endsWith("/api/v1/health"),
      areaOf,
    },
    (app) => {
      addAgents(app, deps);
      addCalls(app, deps);
      addCallControl(app, deps);
      addWebCalls(app, deps);
    },
  );
}
