import { readFile } from "node:fs/promises";
import { CliError, UsageError } from "../cli-error.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Reads what --data names: `{…}` as it stands, `@file.json` from a file, `-` from standard input.
 * @throws CliError, UsageError
 */
export async function readData(given: string, terminal: Terminal): Promise<unknown> {
  const { name, text } = await readText(given, terminal);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${name} is not JSON: ${why}`, { cause });
  }
}

/** The same where it must be an object; absent is an empty one. @throws CliError, UsageError */
export async function readBody(given: string | undefined, terminal: Terminal): Promise<object> {
  const body = given === undefined ? {} : await readData(given, terminal);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new UsageError("--data must be a JSON object: {…}");
}

async function readText(given: string, terminal: Terminal): Promise<{ name: string; text: string }> {
  if (given === "-") return { name: "Standard input", text: await terminal.readIn() };
  if (!given.startsWith("@")) return { name: "--data", text: given };
  const path = given.slice(1);
  try {
    return { name: path, text: await readFile(path, "utf8") };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${path} can't be read: ${why}`, { cause });
  }
}
