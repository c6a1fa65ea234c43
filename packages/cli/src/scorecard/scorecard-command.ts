import { type Command, Option } from "commander";
import { explain } from "../cli-error.ts";
import { type AddCommands, type CommandContext, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printNote, printResult } from "../terminal.ts";
import { parseCount, parseSeed } from "../whole-number.ts";

type ScorecardOptions = JsonOption & {
  readonly split: "train" | "held-out";
  readonly seed: number;
  readonly perKind: number;
  readonly quick?: true;
  readonly check?: true;
  readonly socket: boolean;
};

const EXIT_CODES = { met: 0, missed: 1, broken: 2 } as const;
const QUICK_PER_KIND = 1;
const NOTE_EVERY_CALLS = 20;

export const addScorecardCommand: AddCommands = (program, context) => {
  program
    .command("scorecard")
    .description("measure turn-taking on a generated corpus, with the embedded speech models")
    .addOption(
      new Option("--split <name>", "items that tuning has seen, or that it hasn't")
        .choices(["train", "held-out"])
        .default("held-out"),
    )
    .option("--seed <number>", "decides voices, lines, pauses and words", parseSeed, 1)
    .option("--per-kind <items>", "items of each of the ten kinds", parseCount, 10)
    .option("--quick", `${QUICK_PER_KIND} of each kind: whether it works, not how well`)
    .option("--no-socket", "leave out the sentences that are played to a server over a WebSocket")
    .option("--check", "exit with 1 when an aim is missed")
    .option(...JSON_OPTION)
    .action(async (options: ScorecardOptions, command: Command) => {
      try {
        await scoreAll(options, command, context);
      } catch (error) {
        printNote(context.terminal, `earshot: ${explain(error, context.terminal)}`);
        context.setExitCode(EXIT_CODES.broken);
      }
    });
};

async function scoreAll(
  options: ScorecardOptions,
  command: Command,
  { terminal, setExitCode }: CommandContext,
): Promise<void> {
  const { split, seed, quick, check, json } = options;
  const isAsked = command.getOptionValueSource("perKind") === "cli";
  const lab = await import("@earshot/lab");
  const card = await lab.score({
    split,
    seed,
    perKind: quick && !isAsked ? QUICK_PER_KIND : options.perKind,
    hasSocket: options.socket,
    signal: terminal.listenForInterrupt(),
    onPlayed: (played, of) => {
      if (terminal.isLive && played % NOTE_EVERY_CALLS === 0) printNote(terminal, `${played} of ${of} calls`);
    },
  });
  printResult(terminal, json, card, () => lab.toTextCard(card));
  if (check) setExitCode(lab.isAsAimed(card) ? EXIT_CODES.met : EXIT_CODES.missed);
}
