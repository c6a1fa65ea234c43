/** What the API answers a second, on either database, against a bare route with one SQL statement. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { percentile } from "../statistics.ts";
import { printTable } from "../table.ts";
import { type Load, Loader } from "./loader.ts";

const SERVE = fileURLToPath(new URL("../../../../server/scripts/serve-api.ts", import.meta.url));
const CONNECTIONS = 64;
const STORED_AGENTS = 200;

type Served = { readonly apiUrl: string; readonly bareUrl: string; readonly apiKey: string };

/** Where one surface has its agents, and what a client of it sends. */
type Surface = {
  readonly name: string;
  readonly agents: string;
  readonly one?: string;
  readonly create?: object;
  readonly patch?: object;
  readonly idOf?: (created: Readonly<Record<string, unknown>>) => unknown;
};

const PROMPT = "You are a helpful support agent of Acme Corp. Answer in one or two short sentences. ".repeat(5);

const BARE: Surface = {
  name: "bare",
  agents: "/agents",
  create: { name: "Ada", prompt: PROMPT },
  patch: { n: 1 },
};

const SURFACES: readonly Surface[] = [
  { name: "Earshot", agents: "/v1/agents", create: { name: "Ada", prompt: PROMPT }, patch: { prompt: `${PROMPT}!` } },
  {
    name: "AgentPhone",
    agents: "/agentphone/v1/agents",
    create: { name: "Ada", voiceMode: "hosted", systemPrompt: PROMPT },
    patch: { systemPrompt: `${PROMPT}!` },
  },
  {
    name: "Wordcab",
    agents: "/wordcab/v1/agents",
    create: { name: "Ada", system_prompt: PROMPT, voice_id: "ember" },
    patch: { system_prompt: `${PROMPT}!` },
  },
  {
    name: "HMS",
    agents: "/hms/api/v1/agents",
    create: { name: "Ada", business_name: "Acme" },
    patch: { business_name: "Acme Corp" },
    idOf: (created) => (created["agent"] as { id: string } | undefined)?.id,
  },
];

export async function benchRoutes({ isQuick }: { isQuick: boolean }): Promise<void> {
  const requests = isQuick ? 500 : 4_000;
  console.log(`## Agents over HTTP: ${requests.toLocaleString("en")} requests each at ${CONNECTIONS} connections\n`);
  for (const kind of ["embedded", "postgres"]) {
    const rows: Row[] = [];
    for (const surface of SURFACES) rows.push(...(await measure(kind, surface, requests)));
    console.log(`### ${kind}\n`);
    printTable(rows);
    console.log("");
  }
  console.log(
    `Bare: a Hono route that parses, runs one SQL statement on the same database and answers; measured beside each surface, in the same process. Each begins with ${STORED_AGENTS} agents in a database of its own, of which HMS lists all and the others 20. p99 in ms. Client, server and database share the machine's cores; Postgres writes to the disk at each commit.\n`,
  );
}

type Row = Readonly<Record<string, string | number>>;

/** The bare route and one surface, on a server of their own. */
async function measure(kind: string, surface: Surface, requests: number): Promise<Row[]> {
  const { served, stop } = await serve(kind);
  try {
    const { apiUrl, bareUrl, apiKey } = served;
    const bare = await runSurface(new Loader(bareUrl, CONNECTIONS, {}), BARE, requests);
    const headers = { Authorization: `Bearer ${apiKey}` };
    const runs = await runSurface(new Loader(apiUrl, CONNECTIONS, headers), surface, requests);
    return [toRow(BARE.name, bare, bare), toRow(surface.name, runs, bare)];
  } finally {
    await stop();
  }
}

type Runs = { readonly create: Load; readonly get: Load; readonly list: Load; readonly patch: Load };

async function runSurface(loader: Loader, surface: Surface, requests: number): Promise<Runs> {
  const { agents, create = {}, patch = {}, idOf = ({ id }) => id } = surface;
  const ids: string[] = [];
  await loader.run(STORED_AGENTS, () => ({
    method: "POST",
    path: agents,
    body: create,
    onAnswer: (answer) => ids.push(String(idOf(answer))),
  }));
  const path = (n: number) => `${agents}/${ids[n % ids.length]}`;
  // Once unmeasured: the first requests of a process are compiled as they run.
  await loader.run(requests, (n) => ({ method: "GET", path: path(n) }));
  const runs = {
    get: await loader.run(requests, (n) => ({ method: "GET", path: path(n) })),
    list: await loader.run(requests / 4, () => ({ method: "GET", path: `${agents}?limit=20` })),
    patch: await loader.run(requests / 4, (n) => ({ method: "PATCH", path: path(n), body: patch })),
    create: await loader.run(requests / 4, () => ({ method: "POST", path: agents, body: create })),
  };
  loader.close();
  return runs;
}

function toRow(name: string, runs: Runs, bare: Runs): Row {
  const cells = (["get", "list", "patch", "create"] as const).flatMap((verb) => {
    const { perSecond, latenciesMs } = runs[verb];
    const ratio = Math.round((100 * perSecond) / bare[verb].perSecond);
    return [
      [`${verb}/s`, Math.round(perSecond)],
      [`${verb} p99`, percentile(latenciesMs, 99).toFixed(1)],
      [`${verb} of bare`, `${ratio} %`],
    ];
  });
  return { surface: name, ...Object.fromEntries(cells) };
}

async function serve(kind: string): Promise<{ served: Served; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [SERVE, kind], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => void child.kill();
  process.once("exit", kill);
  const served = await new Promise<Served>((resolve, reject) => {
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line) as Served));
    child.once("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
  });
  return {
    served,
    async stop() {
      process.removeListener("exit", kill);
      child.stdin?.end();
      await ended;
    },
  };
}
