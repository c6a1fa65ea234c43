/** `npm run bench [-- NAME…] [--quick]`: see docs/performance.md. */
import { benchApi } from "./api/bench-api.ts";
import { benchEngine } from "./engine/bench-engine.ts";
import { benchRules } from "./engine/bench-rules.ts";
import { benchLatency } from "./latency/bench-latency.ts";
import { describeMachine } from "./machine.ts";
import { benchModels } from "./models/bench-models.ts";
import { benchStart } from "./start/bench-start.ts";

type Options = { isQuick: boolean };

const BENCHES: Readonly<Record<string, (options: Options) => Promise<unknown>>> = {
  engine: async (options) => {
    benchRules();
    await benchEngine(options);
  },
  latency: benchLatency,
  start: benchStart,
  api: benchApi,
  models: () => benchModels(),
};

/** Where the figures of a name stand that is no run of its own. */
const ALSO: Readonly<Record<string, string>> = { memory: "start" };

async function main(args: readonly string[]): Promise<void> {
  const asked = args.filter((arg) => !arg.startsWith("--")).map((name) => ALSO[name] ?? name);
  const unknown = [
    ...asked.filter((name) => !(name in BENCHES)),
    ...args.filter((arg) => arg.startsWith("--") && arg !== "--quick"),
  ];
  if (unknown.length > 0) {
    const names = [...Object.keys(BENCHES), ...Object.keys(ALSO)].join(", ");
    process.stderr.write(
      `There is no "${unknown[0]}". Usage: npm run bench [-- NAME…] [--quick], with NAME of ${names}\n`,
    );
    process.exitCode = 1;
    return;
  }
  for (const [name, run] of Object.entries(BENCHES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`# ${name}, on ${describeMachine()}\n`);
    await run({ isQuick: args.includes("--quick") });
  }
}

await main(process.argv.slice(2));
