import type { JournalEntry } from "../journal/journal.ts";

export const BUNDLE_FORMAT = "earshot-call";
/** Raised when an older Earshot could misread what a newer one writes. */
export const BUNDLE_VERSION = 1;

/** One recorded call as a file: gzip of lines of JSON. See docs/replay.md. */
export type CallBundle = {
  readonly header: BundleHeader;
  /** The call as the API shows it, without what only its own server knows. */
  readonly call: JsonObject;
  /** The settings that it was held with; absent where they are gone. */
  readonly agent?: JsonObject;
  readonly entries: readonly JournalEntry[];
  /** WAV. */
  readonly recording?: Uint8Array<ArrayBuffer>;
};

export type JsonObject = Readonly<Record<string, unknown>>;

export type BundleHeader = {
  readonly format: typeof BUNDLE_FORMAT;
  readonly version: number;
  /** ISO 8601. */
  readonly exportedAt: string;
  /** The id that the call had where it was held. */
  readonly callId: string;
  readonly scrubbed: { readonly numbers: boolean; readonly words: boolean };
};

export type BundleErrorCode = "not_a_bundle" | "unknown_version" | "broken" | "too_large";

/** Says in a sentence why a file is no bundle that can be read. */
export class BundleError extends Error {
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "BundleError";
    this.code = code;
  }
}
