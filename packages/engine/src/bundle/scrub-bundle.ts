/** Takes out of a bundle what must not leave the house. */

import { isBackchannel, soundsUnfinished } from "../conversation/words.ts";
import type { CallBundle, JsonObject } from "./call-bundle.ts";

export type ScrubOptions = {
  /** Also masks digits and e-mail addresses. */
  readonly numbers: boolean;
  /** Also masks every word that anybody said or wrote; the recording is left out. */
  readonly words: boolean;
};

export const REMOVED = "[removed]";

/** Names of values that are never told, wherever they stand. */
const SECRET_NAME =
  /secret|password|passwd|token(?!s|izer)|api[-_]?key|authorization|credential|cookie|private[-_]?key/i;
/** Keys of well-known makers, and ours. */
const SECRET_TEXT =
  /\b(?:ear_[A-Za-z0-9]{8,}|sk[-_](?:[a-z]+[-_])*[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)|\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;
const URL_TEXT = /\b(?:https?|wss?):\/\/[^\s"'<>)\]}]+/g;
const EMAIL = /[^\s@,;:"'<>()[\]]+@[^\s@,;:"'<>()[\]]+/g;

/** Texts that somebody said, wrote or sent, by their names. All else that a journal holds is the machine's own. */
const SPOKEN = new Set(
  (
    "text say arguments result content digit digits message values variables metadata prompt notes description " +
    "businessName reminder goodbye apology maxDurationGoodbye endMessage outboundGreeting executionMessage phrases " +
    "keyterms fromNumber toNumber agentName name url toolUrl destination inputs error title summary transcript"
  ).split(" "),
);
/** Names that the rules and the model's tools hang on. */
const KEEPS_NAME = /^(?:run-tool|tool-requested)$/;

/**
 * The bundle without secrets: values of telling names, headers of tools, known kinds of keys, and all of a URL but its
 * host and path. Masks keep the length and the shape of words, and what the rules decide by, so that a scrubbed call
 * still replays to the same orders.
 */
export function scrubBundle(bundle: CallBundle, options: ScrubOptions): CallBundle {
  const { header, call, agent, entries, recording } = bundle;
  const scrub = (value: unknown) => scrubValue(value, { ...options, isSpoken: false });
  return {
    header: { ...header, scrubbed: options },
    call: scrub(call) as JsonObject,
    ...(agent === undefined ? {} : { agent: scrub(agent) as JsonObject }),
    entries: entries.map((entry) => scrub(entry) as typeof entry),
    ...(recording === undefined || options.words ? {} : { recording }),
  };
}

type Place = ScrubOptions & { readonly isSpoken: boolean };

function scrubValue(value: unknown, place: Place): unknown {
  if (typeof value === "string") return scrubText(value, place);
  if (typeof value === "number") return place.isSpoken && place.numbers ? maskNumber(value) : value;
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, place));
  if (typeof value !== "object" || value === null) return value;
  const type = (value as JsonObject)["type"];
  const isOfTool = typeof type === "string" && KEEPS_NAME.test(type);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, scrubNamed(name, inner, { ...place, isOfTool })]),
  );
}

function scrubNamed(name: string, value: unknown, { isOfTool, ...place }: Place & { isOfTool: boolean }): unknown {
  const isHidden =
    SECRET_NAME.test(name) && (typeof value === "string" || (typeof value === "object" && value !== null));
  if (isHidden) return REMOVED;
  if (name === "headers" && typeof value === "object" && value !== null)
    return Object.fromEntries(Object.keys(value).map((header) => [header, REMOVED]));
  if (name === "name" && isOfTool) return value;
  // The names of an agent's tools are what its calls go by.
  if (name === "tools" && Array.isArray(value)) return value.map((tool) => scrubTool(tool, place));
  const isText = name === "arguments" || name === "result";
  if (isText && typeof value === "string") return scrubJsonText(value, { ...place, isSpoken: true });
  return scrubValue(value, { ...place, isSpoken: place.isSpoken || SPOKEN.has(name) });
}

function scrubTool(tool: unknown, place: Place): unknown {
  const scrubbed = scrubValue(tool, place);
  if (typeof tool !== "object" || tool === null || typeof scrubbed !== "object") return scrubbed;
  const { name } = tool as JsonObject;
  return name === undefined ? scrubbed : { ...scrubbed, name };
}

/** JSON in a string stays JSON. */
function scrubJsonText(text: string, place: Place): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return scrubText(text, place);
  }
  if (typeof parsed !== "object" || parsed === null) return scrubText(text, place);
  const scrubbed = JSON.stringify(scrubValue(parsed, place));
  // Spaces between the parts are kept where nothing had to be changed.
  return scrubbed === JSON.stringify(parsed) ? text : scrubbed;
}

function scrubText(text: string, { numbers, words, isSpoken }: Place): string {
  const clean = text.replace(SECRET_TEXT, hideKey).replace(URL_TEXT, bareUrl);
  if (!isSpoken) return clean;
  const masked = numbers ? clean.replace(EMAIL, (email) => maskLetters(email)).replace(/\p{Nd}/gu, "1") : clean;
  return words ? maskWords(masked) : masked;
}

/** Words are counted: "Bearer" stays. */
function hideKey(text: string): string {
  const [scheme] = /^(?:Bearer|Basic)\s+/.exec(text) ?? [""];
  return `${scheme}${REMOVED}`;
}

function bareUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { username, password, search, hash, protocol, host, pathname } = new URL(url);
  return username + password + search + hash === "" ? url : `${protocol}//${host}${pathname}`;
}

/** What the rules decide by stays: "mm-hmm", "and", "um". */
function maskWords(text: string): string {
  if (isBackchannel(text)) return text;
  return text.replace(/[^\s]+/g, (word) => {
    const [letters = word] = /[\p{L}\p{N}'-]+/u.exec(word) ?? [];
    return soundsUnfinished(letters) || isBackchannel(word) ? word : maskLetters(word);
  });
}

function maskLetters(word: string): string {
  return word.replace(/\p{Lu}/gu, "X").replace(/\p{L}/gu, (letter) => (letter === "X" ? "X" : "x"));
}

function maskNumber(value: number): number {
  return Number(String(value).replace(/\d/g, "1"));
}
