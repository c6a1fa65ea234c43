import { readFile } from "node:fs/promises";
import { BundleError, readBundle } from "@earshot/engine";
import { checkWritable, writeAudioFile } from "../audio-file.ts";
import { CliError } from "../cli-error.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printResult } from "../terminal.ts";

/** A long recording takes a while to come. */
const TIMEOUT_MS = 600_000;

type ExportOptions = JsonOption & {
  readonly out?: string;
  readonly audio?: true;
  readonly scrubNumbers?: true;
  readonly scrubWords?: true;
};

/** `earshot calls export` and `earshot calls import`. */
export const addBundleCommands: AddCommands = (calls, { terminal, client }) => {
  calls
    .command("export <call>")
    .description("save a call as one file, without secrets: for another server, or for a bug report")
    .option("--out <file>", "where it goes (default CALL.earshot-call.gz)")
    .option("--audio", "with the recording")
    .option("--scrub-numbers", "mask digits and e-mail addresses")
    .option("--scrub-words", "mask every word that was said or written")
    .option(...JSON_OPTION)
    .action(async (callId: string, { out = `${callId}.earshot-call.gz`, json, ...what }: ExportOptions) => {
      await checkWritable(out);
      const file = await client.calls.exportFile(callId, what, { timeoutMs: TIMEOUT_MS });
      await writeAudioFile(out, file);
      printResult(terminal, json, { id: callId, out, bytes: file.length }, () => `${out} (${file.length} bytes)`);
    });
  calls
    .command("import <file>")
    .description("make a call of the workspace of a file that `calls export` saved")
    .option(...JSON_OPTION)
    .action(async (path: string, { json }: JsonOption) => {
      const file = await readFile(path).catch((error: unknown) => {
        throw new CliError(`${path} can't be read: ${describe(error)}`, { cause: error });
      });
      // What is no good is told before it travels.
      await readBundle(file).catch((error: unknown) => {
        throw error instanceof BundleError ? new CliError(`${path}: ${error.message}.`, { cause: error }) : error;
      });
      const call = await client.calls.importFile(new Uint8Array(file), { timeoutMs: TIMEOUT_MS });
      printResult(terminal, json, call, () => `${call.id} was imported.`);
    });
};

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
