import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

const TOKEN_COUNT = 32_768;
const FILE_NAME = "moonshine-tokens-1.txt";
/** Smallest size of a whole table, bytes. */
const MIN_BYTES = 400_000;

/**
 * Path of Moonshine's token table in the form that sherpa-onnx reads: a line of base64 text and number a token. Written
 * into `cacheDir` once, whole or not at all.
 */
export async function findTokenTable(cacheDir: string): Promise<string> {
  const file = path.join(cacheDir, FILE_NAME);
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size >= MIN_BYTES) return file;
  const draft = path.join(cacheDir, `.${FILE_NAME}.${randomUUID()}`);
  try {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(draft, await makeTokenTable());
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new Error(`The token table of the speech recogniser could not be written to ${cacheDir}.`, { cause });
  }
  return file;
}

/** Moonshine uses the tokens of Llama 2; those past its vocabulary have no text. */
async function makeTokenTable(): Promise<string> {
  const { default: tokenizer } = await import("llama-tokenizer-js");
  const lines = Array.from({ length: TOKEN_COUNT }, (_, id) => {
    const token = tokenizer.vocabById[id] ?? `<unused${id}>`;
    return `${toBytes(token).toString("base64")} ${id}\n`;
  });
  return lines.join("");
}

function toBytes(token: string): Buffer {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
  return byte === undefined ? Buffer.from(token) : Buffer.from(byte, "hex");
}
