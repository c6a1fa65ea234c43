import { ENGINE_RATE_HZ, encodeWav } from "@earshot/engine";
import type { NewTranscript, Transcript } from "@earshot/sdk";
import { readAudioFile } from "../audio-file.ts";
import { UsageError } from "../cli-error.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { readBody } from "../nouns/read-data.ts";
import { oneLine } from "../one-line.ts";
import { printNote, printResult, type Terminal } from "../terminal.ts";

/** An hour of speech takes a while to recognise. */
const TIMEOUT_MS = 600_000;

type CreateOptions = JsonOption & { readonly data?: string };

const addCreate: AddCommands = (transcripts, { terminal, client }) => {
  transcripts
    .command("create [file]")
    .description("write down what is said in a WAV file, and keep it")
    .option("--data <json>", "instead of a file: the body as JSON with an audioUrl, @file.json, or -")
    .option(...JSON_OPTION)
    .action(async (path: string | undefined, { data, json }: CreateOptions) => {
      const recording = await readRecording(path, data, terminal);
      const transcript = await client.transcripts.create(recording, { timeoutMs: TIMEOUT_MS });
      printResult(terminal, json, transcript, () => describeTranscript(transcript));
    });
};

export const transcriptNoun = defineNoun({
  name: "transcripts",
  one: "transcript",
  about: "what was said in recordings, written down and kept",
  of: ({ transcripts }) => ({
    list: transcripts.list.bind(transcripts),
    get: transcripts.get.bind(transcripts),
    delete: transcripts.delete.bind(transcripts),
  }),
  columns: {
    ID: ({ id }) => id,
    STATUS: ({ status }) => status,
    LENGTH: ({ durationMs }) => (durationMs === undefined ? "" : `${(durationMs / 1000).toFixed(1)} s`),
    CREATED: ({ createdAt }) => createdAt,
    TEXT: ({ text = "" }) => oneLine(text),
  },
  toText: describeTranscript,
  addMore: addCreate,
});

async function readRecording(
  path: string | undefined,
  data: string | undefined,
  terminal: Terminal,
): Promise<Uint8Array<ArrayBuffer> | NewTranscript> {
  if ((path === undefined) === (data === undefined)) throw new UsageError("Give a WAV file, or --data.");
  if (path === undefined) return readBody(data, terminal);
  const { samples, notes } = await readAudioFile(path);
  for (const note of notes) printNote(terminal, note);
  return encodeWav({ samples, sampleRateHz: ENGINE_RATE_HZ });
}

function describeTranscript({ id, status, text, error }: Transcript): string {
  return `${id}  ${status}\n\n${error ?? text ?? ""}`.trimEnd();
}
