import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addCallCommand } from "./calls/call-command.ts";
import { addReplayCommand } from "./calls/replay-command.ts";
import { explain, UsageError } from "./cli-error.ts";
import { connect } from "./client.ts";
import type { CommandContext } from "./command-context.ts";
import { addNounCommands } from "./nouns/add-noun-commands.ts";
import { nouns } from "./nouns/nouns.ts";
import { addRehearseCommand } from "./rehearsals/rehearse-command.ts";
import { addScorecardCommand } from "./scorecard/scorecard-command.ts";
import { addSayCommand } from "./speech/say-command.ts";
import { addStartCommand } from "./start/start-command.ts";
import type { Terminal } from "./terminal.ts";
import { addTranscribeCommand } from "./transcriptions/transcribe-command.ts";

const NOT_UNDERSTOOD = 2;
const ENVIRONMENT = `
Environment:
  EARSHOT_URL        where the server is (default http://127.0.0.1:8080)
  EARSHOT_API_KEY    its API key
  EARSHOT_WORKSPACE  a workspace below the key's own, to act in`;

/**
 * Runs one command and returns the exit code: 0 done, 1 failed, 2 not understood. Says on standard error what went
 * wrong.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  try {
    const context: CommandContext = { terminal, client: connect(terminal), setExitCode };
    await makeProgram(context).parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : NOT_UNDERSTOOD;
    terminal.writeErr(`earshot: ${explain(error, terminal)}\n`);
    return error instanceof UsageError ? NOT_UNDERSTOOD : 1;
  }
}

/** Every command with its options, ready to parse. */
export function makeProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command("earshot")
    .description("Self-hosted voice agents: start the server, call an agent, look at calls.")
    .version(manifest.version, "--version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.writeOut(text),
      writeErr: (text) => void terminal.writeErr(text),
    })
    .showHelpAfterError("(earshot --help shows what there is)")
    .addHelpText("after", ENVIRONMENT);
  for (const add of [
    addStartCommand,
    addCallCommand,
    addRehearseCommand,
    addScorecardCommand,
    addSayCommand,
    addTranscribeCommand,
    addReplayCommand,
  ]) {
    add(program, context);
  }
  for (const noun of nouns) addNounCommands(program, context, noun);
  return program;
}
