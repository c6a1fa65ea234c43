/** One breach for each boundary in biome.boundaries.json, and what must stay allowed beside it. */

export type BoundaryCase = {
  /** Where the code would stand; the folder decides which boundary applies. */
  readonly path: string;
  readonly code: string;
  /** Lint rules expected to fire, in order of name; none means that the code is allowed. */
  readonly rules: readonly string[];
};

const imports = (path: string, specifier: string): BoundaryCase => ({
  path,
  code: `import { thing } from "${specifier}";\nthing();\n`,
  rules: ["noRestrictedImports"],
});

const importsType = (path: string, specifier: string): BoundaryCase => ({
  path,
  code: `import type { Thing } from "${specifier}";\nexport type Twin = Thing;\n`,
  rules: ["noRestrictedImports"],
});

/** Names each global once; prove-boundaries.ts sees to it that every one of them is reported. */
const uses = (path: string, ...globals: readonly string[]): BoundaryCase => ({
  path,
  code: `export const used = [${globals.join(", ")}];\n`,
  rules: ["noRestrictedGlobals"],
});

const allowed = (breach: BoundaryCase): BoundaryCase => ({ ...breach, rules: [] });

const conversation = "packages/engine/src/conversation";
const engine = "packages/engine/src";
const providers = "packages/providers/src";
const telephony = "packages/telephony/src";
const server = "packages/server/src";

const importBoundaries: readonly BoundaryCase[] = [
  imports(`${conversation}/reduce.ts`, "../audio/frame.ts"),
  importsType(`${conversation}/reduce.ts`, "../models/language-model.ts"),
  imports(`${conversation}/reduce.ts`, "node:crypto"),
  allowed(imports(`${conversation}/reduce.ts`, "./event.ts")),
  imports(`${conversation}/end-of-turn/words.ts`, "../../audio/frame.ts"),
  importsType(`${conversation}/end-of-turn/words.ts`, "../../models/language-model.ts"),
  allowed(imports(`${conversation}/end-of-turn/words.ts`, "../words.ts")),
  allowed(imports(`${conversation}/end-of-turn/words.ts`, "../vocabulary/en.ts")),
  imports(`${engine}/session/session.ts`, "nanoid"),
  importsType(`${engine}/session/session.ts`, "@earshot/server"),
  imports(`${engine}/session/session.ts`, "node:timers/promises"),
  imports(`${engine}/session/session.ts`, "../../../providers/src/index.ts"),
  allowed(imports(`${engine}/session/session.ts`, "../audio/frame.ts")),
  allowed(imports(`${engine}/speakable/languages/german.ts`, "n2words/de-DE")),
  allowed(imports(`${engine}/journal/append.ts`, "node:fs/promises")),
  imports(`${engine}/session/session.test.ts`, "@earshot/providers"),
  imports(`${engine}/testing/leg-contract.ts`, "../../../server/src/index.ts"),
  allowed(imports(`${engine}/testing/leg-contract.ts`, "vitest")),

  importsType(`${providers}/acme/speech.ts`, "@earshot/server"),
  imports(`${providers}/acme/speech.ts`, "../../../engine/src/audio/g711.ts"),
  allowed(imports(`${providers}/acme/speech.ts`, "@earshot/engine")),
  importsType(`${telephony}/sip/dialog.ts`, "@earshot/engine"),
  imports(`${telephony}/sip/dialog.ts`, "../../../engine/src/index.ts"),

  imports(`${server}/main.ts`, "@earshot/sdk"),
  imports(`${server}/main.ts`, "drizzle-orm"),
  imports(`${server}/api/agents.ts`, "drizzle-orm/pg-core"),
  imports(`${server}/api/agents.ts`, "@earshot/cli"),
  imports(`${server}/legs/browser/leg.ts`, "../../../../engine/src/index.ts"),
  allowed(imports(`${server}/api/agents.ts`, "hono")),
  imports(`${server}/api/agents.ts`, "../dialects/hms/codec.ts"),
  importsType(`${server}/http/surface.ts`, "../dialects/kit/open-dialect.ts"),
  allowed(imports(`${server}/http/surface.ts`, "hono")),
  imports(`${server}/storage/database.ts`, "@earshot/lab"),
  imports(`${server}/storage/database.ts`, "../../../engine/src/index.ts"),
  allowed(imports(`${server}/storage/database.ts`, "drizzle-orm")),
  imports(`${server}/agents/create-agent.ts`, "../api/problem.ts"),
  imports(`${server}/agents/create-agent.ts`, "../dialects/hms/codec.ts"),
  imports(`${server}/agents/create-agent.ts`, "../legs/browser/leg.ts"),
  imports(`${server}/agents/create-agent.ts`, "../http/app-env.ts"),
  importsType(`${server}/agents/create-agent.ts`, "hono"),
  importsType(`${server}/agents/create-agent.ts`, "@hono/zod-openapi"),
  importsType(`${server}/agents/create-agent.ts`, "drizzle-orm"),
  imports(`${server}/agents/create-agent.ts`, "@earshot/sdk"),
  imports(`${server}/agents/create-agent.ts`, "../../../engine/src/index.ts"),
  imports(`${server}/agents/store.ts`, "hono"),
  imports(`${server}/agents/store.ts`, "@earshot/sdk"),
  imports(`${server}/agents/store.ts`, "../../../engine/src/index.ts"),
  allowed(imports(`${server}/agents/store.ts`, "drizzle-orm")),
  imports(`${server}/dialects/hms/codec.ts`, "../wordcab/codec.ts"),
  importsType(`${server}/dialects/voicy/webhooks/sign.ts`, "../../agentphone/errors.ts"),
  imports(`${server}/dialects/hms/codec.ts`, "drizzle-orm"),
  imports(`${server}/dialects/hms/codec.ts`, "../../api/problem.ts"),
  allowed(imports(`${server}/dialects/hms/codec.ts`, "../kit/open-dialect.ts")),
  allowed(imports(`${server}/dialects/mount-dialects.ts`, "./hms/open-hms.ts")),
  imports(`${server}/dialects/hms/codec.ts`, "@earshot/dashboard"),
  imports(`${server}/dialects/hms/codec.ts`, "../../../../engine/src/index.ts"),
  allowed(imports(`${server}/dialects/hms/codec.ts`, "../../agents/agent.ts")),

  imports(`${server}/docs-site/docs-routes.ts`, "../api/describe-api.ts"),
  imports(`${server}/docs-site/docs-routes.ts`, "../dialects/hms/routes.ts"),
  imports(`${server}/docs-site/docs-routes.ts`, "drizzle-orm"),
  imports(`${server}/docs-site/docs-routes.ts`, "@earshot/sdk"),
  imports(`${server}/docs-site/docs-routes.ts`, "../../../engine/src/index.ts"),
  allowed(imports(`${server}/docs-site/docs-routes.ts`, "hono")),

  importsType("packages/sdk/src/calls.ts", "@earshot/server"),
  imports("packages/sdk/src/calls.ts", "../../server/src/index.ts"),
  imports("packages/cli/src/calls/call.ts", "@earshot/server"),
  allowed(imports("packages/cli/src/calls/call.ts", "@earshot/engine")),
  allowed(imports("packages/cli/src/rehearsals/rehearse.ts", "@earshot/lab")),
  imports("packages/cli/src/start/start.ts", "@earshot/providers"),
  imports("packages/cli/src/start/start.ts", "../../../server/src/main.ts"),
  allowed(imports("packages/cli/src/start/start.ts", "@earshot/server")),
  importsType("packages/dashboard/src/page.tsx", "@earshot/engine"),
  imports("packages/dashboard/src/page.tsx", "../../server/src/index.ts"),
  imports("packages/dashboard/dev/fake-server.ts", "@earshot/server"),
  allowed(imports("packages/dashboard/dev/fake-server.ts", "../src/calls/journal.ts")),
  allowed(imports("packages/dashboard/src/page.tsx", "@earshot/sdk")),
  allowed(imports("packages/dashboard/src/page.tsx", "@earshot/web")),
  importsType("packages/web/src/web-call.ts", "@earshot/engine"),
  imports("packages/web/src/web-call.ts", "@earshot/sdk"),
  imports("packages/lab/src/bench/main.ts", "@earshot/server"),
  imports("packages/lab/src/bench/main.ts", "@earshot/telephony"),
  allowed(imports("packages/lab/src/bench/main.ts", "@earshot/providers")),
  imports("packages/lab/src/bench/media/caller.ts", "@earshot/server"),
  allowed(imports("packages/lab/src/bench/media/caller.ts", "@earshot/telephony")),
];

const time = ["Date", "performance", "setTimeout", "setInterval", "setImmediate"];
const timers = ["setTimeout", "setInterval", "setImmediate"];
const network = ["fetch", "WebSocket", "EventSource"];
const surroundings = ["process", "globalThis"];

const globalBoundaries: readonly BoundaryCase[] = [
  uses(`${conversation}/idle.ts`, ...time, ...network, ...surroundings, "Promise", "crypto"),
  {
    path: `${conversation}/idle.ts`,
    code: "export const chance = Math.random();\n",
    rules: ["noJsRestrictedProperties"],
  },
  uses(`${engine}/session/playout.ts`, ...time, ...network, ...surroundings),
  uses(`${engine}/session/system-clock.ts`, ...network, ...surroundings),
  allowed(uses(`${engine}/session/system-clock.ts`, ...time)),
  allowed(uses(`${engine}/testing/fake-clock.ts`, "setImmediate")),
  uses(`${providers}/acme/speech.ts`, "Date", "setTimeout", "setInterval", ...network, ...surroundings),
  uses(`${providers}/http-stream.ts`, "Date", "setTimeout", "setInterval", ...surroundings),
  allowed(uses(`${providers}/http-stream.ts`, ...network)),
  allowed(uses(`${providers}/embedded/lines/worker-desk.ts`, "process")),
  uses(`${server}/calls/end-call.ts`, "Date", ...timers, ...surroundings),
  uses(`${server}/calls/store.ts`, ...surroundings),
  allowed(uses(`${server}/calls/store.ts`, "Date")),
  allowed(uses(`${server}/wall-clock.ts`, "Date", ...timers)),
  allowed(uses(`${server}/config.ts`, "process")),
  uses("packages/sdk/src/calls.ts", "Date", "setTimeout", ...surroundings),
  uses("packages/sdk/src/timing.ts", ...surroundings),
  allowed(uses("packages/sdk/src/timing.ts", "Date", "setTimeout")),
  uses("packages/cli/src/calls/call.ts", ...network),
  uses("packages/dashboard/src/page.tsx", "fetch"),
];

const ruleProofs: readonly BoundaryCase[] = [
  { path: `${engine}/audio/CamelCase.ts`, code: "export const one = 1;\n", rules: ["useFilenamingConvention"] },
  {
    path: `${engine}/audio/floating.ts`,
    code: "const work = async (): Promise<void> => {};\nwork();\n",
    rules: ["noFloatingPromises"],
  },
  { path: `${engine}/audio/barrel.ts`, code: 'export { one } from "./one.ts";\n', rules: ["noBarrelFile"] },
  { path: `${engine}/index.ts`, code: 'export { one } from "./one.ts";\n', rules: [] },
  {
    path: `${engine}/audio/type.ts`,
    code: 'import { Thing } from "./thing.ts";\nexport type Twin = Thing;\n',
    rules: ["useImportType"],
  },
  { path: `${engine}/audio/talk.ts`, code: 'console.log("hello");\n', rules: ["noConsole"] },
  { path: "packages/cli/src/print.ts", code: 'console.log("hello");\n', rules: [] },
  { path: `${engine}/audio/default.ts`, code: "export default 1;\n", rules: ["noDefaultExport"] },
  { path: "acme.config.ts", code: "export default 1;\n", rules: [] },
  {
    path: `${engine}/audio/sure.ts`,
    code: "export const first = (list: readonly number[]) => list[0]!;\n",
    rules: ["noNonNullAssertion"],
  },
  { path: `${engine}/audio/any.ts`, code: "export let loose: any;\n", rules: ["noExplicitAny"] },
  {
    path: `${engine}/audio/round.ts`,
    code: 'import type { There } from "./about.ts";\nexport type Back = There;\n',
    rules: ["noImportCycles"],
  },
  {
    path: `${engine}/audio/about.ts`,
    code: 'import type { Back } from "./round.ts";\nexport type There = Back;\n',
    rules: ["noImportCycles"],
  },
  {
    path: `${engine}/audio/undeclared.ts`,
    code: 'import { thing } from "left-pad";\nthing();\n',
    rules: ["noRestrictedImports", "noUndeclaredDependencies"],
  },
];

export const boundaryCases: readonly BoundaryCase[] = [...importBoundaries, ...globalBoundaries, ...ruleProofs];
