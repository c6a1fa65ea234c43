import { type Replay, replayJournal } from "@earshot/engine";
import { CliError } from "../cli-error.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printResult } from "../terminal.ts";

export const addReplayCommand: AddCommands = (program, { terminal, client, setExitCode }) => {
  program
    .command("replay <call>")
    .description("run a call's journal through the rules again and compare")
    .option(...JSON_OPTION)
    .action(async (callId: string, { json }: JsonOption) => {
      const { data } = await client.calls.journal(callId);
      if (data.length === 0) throw new CliError(`${callId} has an empty journal: there is nothing to replay.`);
      // The API gives the engine's own entries, in JSON.
      const replay = replayJournal(data as unknown as Parameters<typeof replayJournal>[0]);
      printResult(terminal, json, { id: callId, ...toResult(replay) }, () => describe(replay));
      if (replay.outcome !== "identical") setExitCode(1);
    });
};

function toResult(replay: Replay): object {
  if (replay.outcome !== "identical") return replay;
  return { outcome: replay.outcome, entries: replay.entries };
}

function describe(replay: Replay): string {
  switch (replay.outcome) {
    case "identical":
      return `identical (${replay.entries} entries)`;
    case "incomplete":
      return `The journal is incomplete: entry ${replay.missingSeq} is missing.`;
    case "different": {
      const { entry, effects } = replay;
      return [
        `different at entry ${entry.seq} (${(entry.atMs / 1000).toFixed(2)} s): ${JSON.stringify(entry.event)}`,
        `  then: ${JSON.stringify(entry.effects)}`,
        `  now:  ${JSON.stringify(effects)}`,
      ].join("\n");
    }
  }
}
