import type { RecordingLink } from "@earshot/sdk";
import { type Command, InvalidArgumentError } from "commander";
import { checkWritable, writeAudioFile } from "../audio-file.ts";
import { type AddCommands, type CommandContext, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { printResult } from "../terminal.ts";

type DownloadOptions = JsonOption & { readonly out?: string };
type LinkOptions = JsonOption & { readonly expiresIn?: number };

/** A long recording takes a while to come. */
const TIMEOUT_MS = 600_000;
const MAX_LINK_S = 604_800;

/** `earshot recordings download`, and `earshot calls recording`. */
export function addDownload(parent: Command, { terminal, client }: CommandContext, name: string): void {
  parent
    .command(`${name} <call>`)
    .description("save the recording: the caller left, the agent right")
    .option("--out <file>", "where it goes (default CALL.wav, or CALL.ogg where it is Opus)")
    .option(...JSON_OPTION)
    .action(async (callId: string, { out: given, json }: DownloadOptions) => {
      await checkWritable(given ?? `${callId}.wav`);
      const audio = await client.calls.recording(callId, { timeoutMs: TIMEOUT_MS });
      const out = given ?? `${callId}.${isOgg(audio) ? "ogg" : "wav"}`;
      await writeAudioFile(out, audio);
      printResult(terminal, json, { id: callId, out, bytes: audio.length }, () => `${out} (${audio.length} bytes)`);
    });
}

const addLink: AddCommands = (recordings, { terminal, client }) => {
  recordings
    .command("link <call>")
    .description("make a link to it that needs no key")
    .option("--expires-in <seconds>", "how long it holds, at most a week (default 3600)", parseExpiry)
    .option(...JSON_OPTION)
    .action(async (callId: string, { expiresIn, json }: LinkOptions) => {
      const link: RecordingLink = await client.calls.linkRecording(callId, { expiresInS: expiresIn });
      printResult(terminal, json, link, () => link.url);
    });
};

const addDeletion: AddCommands = (recordings, { terminal, client }) => {
  recordings
    .command("delete <call>")
    .description("delete it for good; the call and its transcript stay")
    .option(...JSON_OPTION)
    .action(async (callId: string, { json }: JsonOption) => {
      await client.calls.deleteRecording(callId);
      printResult(terminal, json, { id: callId, isDeleted: true }, () => `The recording of ${callId} is deleted.`);
    });
};

export const recordingNoun = defineNoun({
  name: "recordings",
  one: "call",
  about: "the recordings of calls, by the call's id",
  of: () => ({}),
  columns: {},
  verbs: [
    {
      name: "pause",
      about: "keep nothing of what is said in a live call from now on",
      run: (client, { id }) => client.calls.pauseRecording(id),
    },
    {
      name: "resume",
      about: "record it again",
      run: (client, { id }) => client.calls.resumeRecording(id),
    },
  ],
  addMore: (recordings, context) => {
    addDownload(recordings, context, "download");
    addLink(recordings, context);
    addDeletion(recordings, context);
  },
});

function isOgg(audio: Uint8Array): boolean {
  return Buffer.from(audio.subarray(0, 4)).toString("latin1") === "OggS";
}

function parseExpiry(value: string): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_LINK_S) return seconds;
  throw new InvalidArgumentError(`Give a number of seconds from 1 to ${MAX_LINK_S}.`);
}
