import { readFile } from "node:fs/promises";
import { BundleError, type JournalEntry, type Replay, readBundle, replayJournal } from "@earshot/engine";
import type { Earshot } from "@earshot/sdk";
import { findAgent } from "../agents/find-agent.ts";
import { CliError, UsageError } from "../cli-error.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printResult } from "../terminal.ts";
import { describeReplay } from "./describe-replay.ts";

/** A language model that is asked anew takes its time. */
const TIMEOUT_MS = 600_000;

type ReplayCommand = JsonOption & { readonly agent?: string };
type Recorded = { readonly id: string; readonly entries: readonly JournalEntry[] };

export const addReplayCommand: AddCommands = (program, { terminal, client, setExitCode }) => {
  program
    .command("replay <call>")
    .description("run a call, or the file of one, through the rules again; or hold it again with another agent")
    .option("--agent <agent[@version]>", "who answers now: compares what is said, turn by turn")
    .option(...JSON_OPTION)
    .action(async (call: string, { json, agent }: ReplayCommand) => {
      if (agent !== undefined) {
        if (isFile(call)) throw new UsageError(`Another agent needs a server: earshot calls import ${call} first.`);
        const replay = await client.calls.replay(call, await toReplay(client, agent), { timeoutMs: TIMEOUT_MS });
        printResult(terminal, json, replay, () => describeReplay(replay));
        if (replay.outcome !== "same") setExitCode(1);
        return;
      }
      const { id, entries } = isFile(call) ? await readRecordedFile(call) : await readRecordedCall(client, call);
      if (entries.length === 0) throw new CliError(`${call} has an empty journal: there is nothing to replay.`);
      const replay = replayJournal(entries);
      printResult(terminal, json, { id, ...toResult(replay) }, () => describe(replay));
      if (replay.outcome !== "identical") setExitCode(1);
    });
};

function isFile(call: string): boolean {
  return /[./\\]/.test(call);
}

async function readRecordedCall(client: Earshot, id: string): Promise<Recorded> {
  const { data } = await client.calls.journal(id);
  // The API gives the engine's own entries, in JSON.
  return { id, entries: data as unknown as readonly JournalEntry[] };
}

async function readRecordedFile(path: string): Promise<Recorded> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CliError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  try {
    const { header, entries } = await readBundle(bytes);
    return { id: header.callId, entries };
  } catch (error) {
    if (error instanceof BundleError) throw new CliError(`${path}: ${error.message}.`, { cause: error });
    throw error;
  }
}

async function toReplay(client: Earshot, typed: string): Promise<{ agentId: string; version?: number }> {
  const [, name = typed, version] = /^(.+)@(\d{1,9})$/.exec(typed) ?? [];
  const { id } = await findAgent(client, name);
  return { agentId: id, ...(version === undefined ? {} : { version: Number(version) }) };
}

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
