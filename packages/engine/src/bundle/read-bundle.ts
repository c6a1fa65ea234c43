import { gunzip } from "node:zlib";
import type { JournalEntry } from "../journal/journal.ts";
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  BundleError,
  type BundleHeader,
  type CallBundle,
  type JsonObject,
} from "./call-bundle.ts";

/** Unpacked. An hour's stereo recording in base64 has 310 MB; without it a call has some MB. */
const MAX_BYTES = 400_000_000;
const MAX_LINE_BYTES = 4_000_000;
const MAX_ENTRIES = 500_000;
const MAX_DEPTH = 64;
const GZIP = [0x1f, 0x8b];

/**
 * Reads a bundle that anybody may have made.
 * @param options `maxBytes`: how much it may hold when it is unpacked; default 400 MB
 * @throws BundleError in a sentence that says what is wrong with it
 */
export async function readBundle(
  bytes: Uint8Array,
  { maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {},
): Promise<CallBundle> {
  if (GZIP.some((byte, index) => bytes[index] !== byte))
    throw new BundleError("not_a_bundle", "this is no exported call: the file doesn't begin as gzip does");
  const text = await unpack(bytes, maxBytes);
  const parts = new BundleParts();
  let line = 0;
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf(0x0a, from);
    const to = newline < 0 ? text.length : newline;
    if (to - from > MAX_LINE_BYTES) throw new BundleError("too_large", `line ${line + 1} is longer than 4 MB`);
    if (to > from) parts.add(parseLine(text.subarray(from, to), ++line), line);
    from = to + 1;
  }
  return parts.toBundle();
}

function unpack(bytes: Uint8Array, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: maxBytes }, (error, text) => {
      if (!error) return resolve(text);
      // Node's code for output beyond maxOutputLength.
      const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      const limit = `${Math.round(maxBytes / 1_000_000)} MB`;
      reject(
        isTooLarge
          ? new BundleError("too_large", `the file unpacks to more than ${limit}`, { cause: error })
          : new BundleError("broken", "the file is cut off or damaged: it can't be unpacked", { cause: error }),
      );
    });
  });
}

function parseLine(bytes: Uint8Array, line: number): JsonObject {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(parsed) && isShallow(parsed, 0)) return parsed;
  } catch (error) {
    throw broken(line, "it is no JSON", error);
  }
  throw broken(line, "it is no JSON object, or is nested too deep");
}

/** What has been read so far, in the order in which it must come. */
class BundleParts {
  #header: BundleHeader | undefined;
  #call: JsonObject | undefined;
  #agent: JsonObject | undefined;
  readonly #entries: JournalEntry[] = [];
  readonly #recording: Buffer[] = [];
  #end: JsonObject | undefined;

  add(part: JsonObject, line: number): void {
    if (!this.#header) this.#header = toHeader(part);
    else if (this.#end) throw broken(line, "it stands behind the end");
    else if (isObject(part["call"])) this.#call = part["call"];
    else if (isObject(part["agent"])) this.#agent = part["agent"];
    else if ("entry" in part) this.#addEntry(part["entry"], line);
    else if (typeof part["recording"] === "string") this.#recording.push(Buffer.from(part["recording"], "base64"));
    else if (isObject(part["end"])) this.#end = part["end"];
    // Parts that a later Earshot adds are left alone.
  }

  toBundle(): CallBundle {
    if (!this.#header) throw new BundleError("not_a_bundle", "this is no exported call: the file is empty");
    if (!this.#end) throw new BundleError("broken", "the file is cut off: its last line is missing");
    if (!this.#call) throw new BundleError("broken", "the file holds no call");
    const recording = Buffer.concat(this.#recording);
    const isWhole = this.#end["entries"] === this.#entries.length && this.#end["recordingBytes"] === recording.length;
    if (!isWhole) throw new BundleError("broken", "the file is damaged: it doesn't hold what its last line says");
    return {
      header: this.#header,
      call: this.#call,
      ...(this.#agent === undefined ? {} : { agent: this.#agent }),
      entries: this.#entries,
      ...(recording.length === 0 ? {} : { recording: new Uint8Array(recording) }),
    };
  }

  #addEntry(entry: unknown, line: number): void {
    if (this.#entries.length >= MAX_ENTRIES) throw new BundleError("too_large", `more than ${MAX_ENTRIES} facts`);
    if (!isEntry(entry)) throw broken(line, "it is no entry of a journal");
    if (entry.seq !== this.#entries.length + 1)
      throw broken(line, `entry ${this.#entries.length + 1} is missing: ${entry.seq} stands in its place`);
    this.#entries.push(entry);
  }
}

function toHeader({ format, version, exportedAt, callId, scrubbed }: JsonObject): BundleHeader {
  if (format !== BUNDLE_FORMAT)
    throw new BundleError("not_a_bundle", `this is no exported call: no "${BUNDLE_FORMAT}"`);
  if (version !== BUNDLE_VERSION)
    throw new BundleError(
      "unknown_version",
      `the file has version ${JSON.stringify(version)} of the format, and this Earshot reads version ${BUNDLE_VERSION}`,
    );
  const { numbers, words } = isObject(scrubbed) ? scrubbed : {};
  return {
    format,
    version,
    exportedAt: typeof exportedAt === "string" ? exportedAt.slice(0, 40) : "",
    callId: typeof callId === "string" ? callId.slice(0, 64) : "",
    scrubbed: { numbers: numbers === true, words: words === true },
  };
}

/** What the rules and every reader of a journal count on. Facts of later versions pass. */
function isEntry(entry: unknown): entry is JournalEntry {
  if (!isObject(entry)) return false;
  const { seq, atMs, event, effects } = entry;
  if (!Number.isSafeInteger(seq) || typeof atMs !== "number" || !Number.isFinite(atMs)) return false;
  if (!isObject(event) || typeof event["type"] !== "string" || typeof event["atMs"] !== "number") return false;
  return Array.isArray(effects) && effects.every((effect) => isObject(effect) && typeof effect["type"] === "string");
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth < MAX_DEPTH && Object.values(value).every((inner) => isShallow(inner, depth + 1));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function broken(line: number, why: string, cause?: unknown): BundleError {
  return new BundleError(
    "broken",
    `line ${line} of the file is damaged: ${why}`,
    cause === undefined ? undefined : { cause },
  );
}
