/** `npm run bench [-- NAME…] [--quick] [--driver DIR]`: see docs/performance.md. */

import { parseArgs } from "node:util";
import { benchApi } from "./api/bench-api.ts";
import { benchEngine } from "./engine/bench-engine.ts";
import { benchRules } from "./engine/bench-rules.ts";
import { compareEngines } from "./engine/neutral/compare-engines.ts";
import { findDriver } from "./engine/neutral/find-driver.ts";
import { benchLatency } from "./latency/bench-latency.ts";
import { describeMachine, toPercent, watchStolen } from "./machine.ts";
import { benchMedia } from "./media/bench-media.ts";
import { benchModels } from "./models/bench-models.ts";
import { benchStart } from "./start/bench-start.ts";

type Options = { isQuick: boolean; driver: string | undefined };

const BENCHES: Readonly<Record<string, (options: Options) => Promise<unknown>>> = {
  engine: async (options) => {
    const driver = await findDriver({ asked: options.driver, environment: process.env["EARSHOT_BENCH_DRIVER"] });
    benchRules();
    await benchEngine(options);
    if ("folder" in driver) await compareEngines(driver.folder, options);
    else console.log(`${driver.reason}\n`);
  },
  latency: benchLatency,
  start: benchStart,
  api: benchApi,
  models: () => benchModels(),
  media: benchMedia,
};

/** Where the figures of a name stand that is no run of its own. */
const ALSO: Readonly<Record<string, string>> = { memory: "start" };

const USAGE = "Usage: npm run bench [-- NAME…] [--quick] [--driver DIR], with NAME of ";

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, driver: { type: "string" } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const asked = positionals.map((name) => ALSO[name] ?? name);
  const options = tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  const unknown = [
    ...asked.filter((name) => !(name in BENCHES)),
    ...options.filter(({ name }) => name !== "quick" && name !== "driver").map(({ rawName }) => rawName),
  ];
  if (unknown.length > 0) {
    const names = [...Object.keys(BENCHES), ...Object.keys(ALSO)].join(", ");
    process.stderr.write(`There is no "${unknown[0]}". ${USAGE}${names}\n`);
    process.exitCode = 1;
    return;
  }
  const driver = typeof values.driver === "string" ? values.driver : undefined;
  for (const [name, run] of Object.entries(BENCHES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`# ${name}, on ${describeMachine()}\n`);
    const readStolen = await watchStolen();
    await run({ isQuick: values.quick === true, driver });
    console.log(`Of the processors the host gave to others meanwhile: ${toPercent(await readStolen())}\n`);
  }
}

await main(process.argv.slice(2));
