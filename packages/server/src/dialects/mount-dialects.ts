import { openAgentPhone } from "./agentphone/open-agentphone.ts";
import { openHms } from "./hms/open-hms.ts";
import type { DialectApp, DialectDeps } from "./kit/open-dialect.ts";
import { openVoicy } from "./voicy/open-voicy.ts";
import { openWordcab } from "./wordcab/open-wordcab.ts";

/** A vendor's API as its clients know it, at the path that they are pointed to. */
type Dialect = { readonly path: string; readonly open: (deps: DialectDeps) => DialectApp };

/** Filled by one line for each dialect. */
const DIALECTS: readonly Dialect[] = [
  { path: "/agentphone", open: openAgentPhone },
  { path: "/hms", open: openHms },
  { path: "/voicy", open: openVoicy },
  { path: "/wordcab", open: openWordcab },
];

/** Adds every vendor's API to the server's own. */
export function mountDialects(app: DialectApp, deps: DialectDeps): void {
  for (const { path, open } of DIALECTS) app.route(path, open(deps));
}
