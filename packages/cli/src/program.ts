import { Command, CommanderError } from "commander";
import { addAgentCommands } from "./agents/agent-commands.ts";
import { addCallCommand } from "./calls/call-command.ts";
import { addCallCommands } from "./calls/call-commands.ts";
import { addReplayCommand } from "./calls/replay-command.ts";
import { explain } from "./cli-error.ts";
import { connect } from "./client.ts";
import type { CommandContext } from "./command-context.ts";
import { addModelCommands } from "./models/model-commands.ts";
import { addSayCommand } from "./speech/say-command.ts";
import { addStartCommand } from "./start/start-command.ts";
import type { Terminal } from "./terminal.ts";
import { addTranscribeCommand } from "./transcriptions/transcribe-command.ts";
import { addVoiceCommands } from "./voices/voice-commands.ts";

const ENVIRONMENT = `
Environment:
  EARSHOT_URL      where the server is (default http://127.0.0.1:8080)
  EARSHOT_API_KEY  its API key`;

/** Runs one command and returns the exit code. Says on standard error, in one sentence, what went wrong. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const context: CommandContext = {
    terminal,
    client: connect(terminal),
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  try {
    await makeProgram(context).parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    terminal.writeErr(`earshot: ${explain(error, terminal)}\n`);
    return 1;
  }
}

function makeProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command("earshot")
    .description("Self-hosted voice agents: start the server, call an agent, look at calls.")
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
    addSayCommand,
    addTranscribeCommand,
    addAgentCommands,
    addCallCommands,
    addVoiceCommands,
    addModelCommands,
    addReplayCommand,
  ]) {
    add(program, context);
  }
  return program;
}
