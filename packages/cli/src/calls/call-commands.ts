import type { Call, CallListItem, CallStatus, JournalEntry } from "@earshot/sdk";
import { InvalidArgumentError, Option } from "commander";
import { findAgent } from "../agents/find-agent.ts";
import { checkWritable, writeAudioFile } from "../audio-file.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";
import { describeEntry } from "./describe-entry.ts";
import { toPlayScript } from "./play-script.ts";
import { toWaterfall } from "./waterfall.ts";

type ListOptions = JsonOption & { readonly agent?: string; readonly status?: CallStatus; readonly limit: number };

/** A long recording takes a while to come. */
const TIMEOUT_MS = 600_000;

export const addCallCommands: AddCommands = (program, { terminal, client }) => {
  const calls = program.command("calls").description("calls, live and past");
  calls
    .command("list")
    .description("list the latest calls")
    .option("--agent <name>", "only calls of this agent")
    .addOption(new Option("--status <status>", "only calls in this state").choices(["created", "active", "ended"]))
    .option("--limit <number>", "how many at most", parseLimit, 20)
    .option(...JSON_OPTION)
    .action(async ({ agent, status, limit, json }: ListOptions) => {
      const agentId = agent === undefined ? undefined : (await findAgent(client, agent)).id;
      const page = await client.calls.list({
        limit,
        ...(agentId === undefined ? {} : { agentId }),
        ...(status === undefined ? {} : { status }),
      });
      const header = ["ID", "AGENT", "STATUS", "BEGAN", "LENGTH", "END"];
      printResult(terminal, json, page, () => toTable(header, page.data.map(row), "No calls."));
    });
  calls
    .command("show <call>")
    .description("show one call: what was said and how fast the agent was")
    .option(...JSON_OPTION)
    .action(async (callId: string, { json }: JsonOption) => {
      const call = await client.calls.get(callId);
      printResult(terminal, json, call, () => describeCall(call));
    });
  calls
    .command("journal <call>")
    .description("print every fact of a call")
    .option(...JSON_OPTION)
    .action(async (callId: string, { json }: JsonOption) => {
      const journal = await client.calls.journal(callId);
      printResult(terminal, json, journal, () => journal.data.flatMap(journalLine).join("\n"));
    });
  calls
    .command("end <call>")
    .description("hang up a live call")
    .option(...JSON_OPTION)
    .action(async (callId: string, { json }: JsonOption) => {
      const call = await client.calls.end(callId);
      printResult(terminal, json, { ...call, id: callId }, () => `${callId} is being ended.`);
    });
  calls
    .command("recording <call>")
    .description("save the recording: the caller left, the agent right")
    .requiredOption("--out <file>", "where the WAV goes")
    .option(...JSON_OPTION)
    .action(async (callId: string, { out, json }: JsonOption & { readonly out: string }) => {
      await checkWritable(out);
      const wav = await client.calls.recording(callId, { timeoutMs: TIMEOUT_MS });
      await writeAudioFile(out, wav);
      printResult(terminal, json, { id: callId, out, bytes: wav.length }, () => `${out} (${wav.length} bytes)`);
    });
};

function row(call: CallListItem): string[] {
  const length = call.durationMs === undefined ? "" : `${(call.durationMs / 1000).toFixed(1)} s`;
  return [call.id, call.agentName, call.status, call.startedAt ?? call.createdAt, length, call.endReason ?? ""];
}

function describeCall(call: Call): string {
  const head = [
    row(call)
      .filter((cell) => cell !== "")
      .join("  "),
  ];
  return [...head, toPlayScript(call.transcript), toWaterfall(call.turns)].filter((part) => part !== "").join("\n\n");
}

function journalLine(entry: JournalEntry): string[] {
  const orders = entry.effects.map((effect) => `            -> ${JSON.stringify(effect)}`);
  return [`${String(entry.seq).padStart(4)} ${describeEntry(entry) ?? plain(entry)}`, ...orders];
}

function plain({ atMs, event }: JournalEntry): string {
  return `${(atMs / 1000).toFixed(2).padStart(7)}  ${event.type}`;
}

function parseLimit(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new InvalidArgumentError("Give a number from 1 to 100.");
  return limit;
}
