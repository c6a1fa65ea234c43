import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ENGINE_RATE_HZ, encodeWav, type Samples, SystemClock } from "@earshot/engine";
import type { FoundScenario, Rehearsal, RehearsedCall } from "@earshot/lab";
import { checkWritable } from "../audio-file.ts";
import { explain } from "../cli-error.ts";
import { apiKeyOf, baseUrlOf } from "../client.ts";
import { type AddCommands, type CommandContext, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printNote, printResult } from "../terminal.ts";
import { parseCount, parseSeed } from "../whole-number.ts";

type RehearseOptions = JsonOption & {
  readonly agent?: string;
  readonly repeat: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly real?: true;
  readonly gate?: true;
  readonly junit?: string;
  readonly save?: string;
};

type Lab = typeof import("@earshot/lab");

const EXIT_CODES = { passed: 0, failed: 1, broken: 2 } as const;

export const addRehearseCommand: AddCommands = (program, context) => {
  program
    .command("rehearse <scenarios...>")
    .description("have simulated callers phone an agent, and check what came of it")
    .option("--agent <name>", "rehearse this agent instead of the scenarios' own")
    .option("--repeat <times>", "rehearse each so often, each time with another seed", parseCount, 1)
    .option("--seed <number>", "decides noise, lost packets and pauses", parseSeed, 1)
    .option("--concurrency <calls>", "calls at a time; 1 for latencies that nothing disturbs", parseCount, 2)
    .option("--real", "at real pace instead of in lockstep with the server")
    .option("--gate", "print one line; the exit code says whether to deploy")
    .option("--junit <file>", "write a JUnit report")
    .option("--save <folder>", "save each call's sound: the caller and the agent, a WAV each")
    .option(...JSON_OPTION)
    .action(async (paths: readonly string[], options: RehearseOptions) => {
      try {
        await rehearseAll(paths, options, context);
      } catch (error) {
        printNote(context.terminal, `earshot: ${explain(error, context.terminal)}`);
        context.setExitCode(EXIT_CODES.broken);
      }
    });
};

async function rehearseAll(paths: readonly string[], options: RehearseOptions, context: CommandContext): Promise<void> {
  const { terminal, setExitCode } = context;
  const lab = await import("@earshot/lab");
  const pace = options.real ? ("real" as const) : undefined;
  const scenarios = await lab.readScenarios(paths, { agent: options.agent, pace });
  if (options.junit !== undefined) await checkWritable(options.junit);
  if (options.save !== undefined) await checkWritable(join(options.save, "x"));
  const rehearsal = await run(lab, { scenarios, options, context });
  if (options.junit !== undefined) await writeFile(options.junit, lab.toJunitReport(rehearsal));
  const toText = () => (options.gate ? lab.toGateLine(rehearsal) : lab.toTextReport(rehearsal));
  printResult(terminal, options.json, options.json ? lab.toJsonReport(rehearsal) : {}, toText);
  setExitCode(EXIT_CODES[lab.outcomeOf(rehearsal)]);
}

function run(
  lab: Lab,
  work: { scenarios: readonly FoundScenario[]; options: RehearseOptions; context: CommandContext },
): Promise<Rehearsal> {
  const { scenarios, options, context } = work;
  const { terminal, client } = context;
  const { repeat, seed, concurrency, save } = options;
  const { env } = terminal;
  return lab.rehearse({
    client,
    connection: { baseUrl: baseUrlOf(env), apiKey: apiKeyOf(env), workspaceId: env["EARSHOT_WORKSPACE"] || undefined },
    scenarios,
    repeat,
    seed,
    concurrency,
    clock: new SystemClock(),
    interrupted: terminal.listenForInterrupt(),
    onBegun: ({ scenario }) => {
      if (terminal.isLive && !options.gate) printNote(terminal, `...     ${scenario.name}`);
    },
    onDone: (call) => {
      if (!options.gate) printNote(terminal, lab.toProgressLine(call, repeat));
    },
    ...(save === undefined ? {} : { onSound: (call, sound) => saveSound(save, call, sound) }),
  });
}

async function saveSound(
  folder: string,
  { scenario, round }: RehearsedCall,
  sound: { readonly caller: Samples; readonly agent: Samples },
): Promise<void> {
  const name = `${scenario.name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}-${round}`;
  for (const side of ["caller", "agent"] as const)
    await writeFile(
      join(folder, `${name}-${side}.wav`),
      encodeWav({ samples: sound[side], sampleRateHz: ENGINE_RATE_HZ }),
    );
}
