import type { Call, CallListItem, JournalEntry } from "@earshot/sdk";
import { findAgentId } from "../agents/find-agent.ts";
import { checkWritable, writeAudioFile } from "../audio-file.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { printResult } from "../terminal.ts";
import { addBundleCommands } from "./bundle-commands.ts";
import { describeEntry } from "./describe-entry.ts";
import { addPlaceCommand } from "./place-command.ts";
import { toPlayScript } from "./play-script.ts";
import { toWaterfall } from "./waterfall.ts";

/** A long recording takes a while to come. */
const TIMEOUT_MS = 600_000;

const columns = {
  ID: ({ id }: CallListItem) => id,
  AGENT: ({ agentName }: CallListItem) => agentName,
  STATUS: ({ status }: CallListItem) => status,
  BEGAN: ({ startedAt, createdAt }: CallListItem) => startedAt ?? createdAt,
  LENGTH: ({ durationMs }: CallListItem) => (durationMs === undefined ? "" : `${(durationMs / 1000).toFixed(1)} s`),
  END: ({ endReason }: CallListItem) => endReason ?? "",
};

const addRecording: AddCommands = (calls, { terminal, client }) => {
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

export const callNoun = defineNoun({
  name: "calls",
  one: "call",
  about: "calls, live and past",
  of: (client) => client.calls,
  columns,
  filters: [
    { flags: "--agent <name>", about: "only calls of this agent", query: "agentId", resolve: findAgentId },
    {
      flags: "--status <status>",
      about: "only calls in this state",
      query: "status",
      choices: ["created", "ringing", "active", "ended"],
    },
  ],
  toText: describeCall,
  verbs: [
    {
      name: "journal",
      about: "print every fact of a call",
      run: (client, { id }) => client.calls.journal(id),
      toText: (journal) => (journal as { data: readonly JournalEntry[] }).data.flatMap(journalLine).join("\n"),
    },
    {
      name: "end",
      about: "hang up a live call",
      run: async (client, { id }) => ({ ...(await client.calls.end(id)), id }),
      toText: (call) => `${(call as Call).id} is being ended.`,
    },
    {
      name: "say",
      about: "have the agent say a text at once",
      args: ["<text>"],
      run: (client, { id, args: [text = ""] }) => client.calls.say(id, { text }),
    },
    {
      name: "tell",
      about: "tell the agent something that the caller doesn't hear",
      args: ["<note>"],
      run: (client, { id, args: [content = ""] }) => client.calls.injectContext(id, { content }),
    },
    {
      name: "mute",
      about: "have the agent listen and say nothing",
      run: (client, { id }) => client.calls.mute(id, true),
    },
    {
      name: "unmute",
      about: "let the agent speak again",
      run: (client, { id }) => client.calls.mute(id, false),
    },
    {
      name: "transfer",
      about: "hand the caller over to a phone number or a SIP address",
      args: ["<destination>"],
      run: (client, { id, args: [destination = ""] }) => client.calls.transfer(id, { destination }),
    },
  ],
  addMore: (calls, context) => {
    addPlaceCommand(calls, context);
    addRecording(calls, context);
    addBundleCommands(calls, context);
  },
});

function describeCall(call: Call): string {
  const head = Object.values(columns)
    .map((cell) => cell(call))
    .filter((cell) => cell !== "")
    .join("  ");
  return [head, toPlayScript(call.transcript), toWaterfall(call.turns)].filter((part) => part !== "").join("\n\n");
}

function journalLine(entry: JournalEntry): string[] {
  const orders = entry.effects.map((effect) => `            -> ${JSON.stringify(effect)}`);
  return [`${String(entry.seq).padStart(4)} ${describeEntry(entry)}`, ...orders];
}
