import { parseWav } from "@earshot/engine";
import { InvalidArgumentError } from "commander";
import { checkWritable, writeAudioFile } from "../audio-file.ts";
import { CliError } from "../cli-error.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printResult } from "../terminal.ts";

type SayOptions = JsonOption & { readonly out: string; readonly voice?: string; readonly speed: number };

/** A long text takes a while to speak. */
const TIMEOUT_MS = 600_000;

export const addSayCommand: AddCommands = (program, { terminal, client }) => {
  program
    .command("say <text>")
    .description("speak a text into a WAV file")
    .requiredOption("--out <file>", "where the WAV goes")
    .option("--voice <id>", "a voice of `earshot voices list` (default: the server's)")
    .option("--speed <factor>", "0.5 to 2", parseSpeed, 1)
    .option(...JSON_OPTION)
    .action(async (text: string, { out, voice, speed, json }: SayOptions) => {
      if (text.trim() === "") throw new CliError("There is nothing to say. Give a text.");
      await checkWritable(out);
      const request = { text, speed, ...(voice === undefined ? {} : { voiceId: voice }) };
      const wav = await client.speech.create(request, { timeoutMs: TIMEOUT_MS });
      await writeAudioFile(out, wav);
      const { durationMs } = parseWav(wav);
      const result = { out, durationMs: Math.round(durationMs), text };
      printResult(terminal, json, result, () => `${out} (${(durationMs / 1000).toFixed(1)} s)`);
    });
};

function parseSpeed(value: string): number {
  const speed = Number(value);
  if (!(speed >= 0.5 && speed <= 2)) throw new InvalidArgumentError("Give a number from 0.5 to 2.");
  return speed;
}
