import { ENGINE_RATE_HZ, encodeWav } from "@earshot/engine";
import { readAudioFile } from "../audio-file.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printNote, printResult } from "../terminal.ts";

/** An hour of speech takes a while to recognise. */
const TIMEOUT_MS = 600_000;

export const addTranscribeCommand: AddCommands = (program, { terminal, client }) => {
  program
    .command("transcribe <file>")
    .description("write down what is said in a WAV file")
    .option(...JSON_OPTION)
    .action(async (path: string, { json }: JsonOption) => {
      const { samples, notes } = await readAudioFile(path);
      for (const note of notes) printNote(terminal, note);
      const wav = encodeWav({ samples, sampleRateHz: ENGINE_RATE_HZ });
      const transcription = await client.transcriptions.create(wav, { timeoutMs: TIMEOUT_MS });
      if (transcription.text.trim() === "") printNote(terminal, `${path}: no words were recognised.`);
      printResult(terminal, json, transcription, () => transcription.text);
    });
};
