import type { Call, CallListItem, JournalEntry } from "@earshot/sdk";
import { findAgentId } from "../agents/find-agent.ts";
import { defineNoun } from "../nouns/noun.ts";
import { addDownload } from "../recordings/recording-noun.ts";
import { addBundleCommands } from "./bundle-commands.ts";
import { describeEntry } from "./describe-entry.ts";
import { addPlaceCommand } from "./place-command.ts";
import { toPlayScript } from "./play-script.ts";
import { toWaterfall } from "./waterfall.ts";

const columns = {
  ID: ({ id }: CallListItem) => id,
  AGENT: ({ agentName }: CallListItem) => agentName,
  STATUS: ({ status }: CallListItem) => status,
  BEGAN: ({ startedAt, createdAt }: CallListItem) => startedAt ?? createdAt,
  LENGTH: ({ durationMs }: CallListItem) => (durationMs === undefined ? "" : `${(durationMs / 1000).toFixed(1)} s`),
  END: ({ endReason }: CallListItem) => endReason ?? "",
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
      toText: (call) => `${(call as Call).id} ${(call as Call).status === "ended" ? "is over" : "is being ended"}.`,
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
      data: "optional",
      run: (client, { id, args: [destination = ""], data }) =>
        client.calls.transfer(id, { ...(data as object | undefined), destination }),
    },
  ],
  addMore: (calls, context) => {
    addPlaceCommand(calls, context);
    addDownload(calls, context, "recording");
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
