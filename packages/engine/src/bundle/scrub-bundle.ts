/** Takes out of a bundle what must not leave the house. */

import { isDeepStrictEqual } from "node:util";
import { newConversation } from "../conversation/conversation.ts";
import type { Effect } from "../conversation/effect.ts";
import { reduce } from "../conversation/reduce.ts";
import { findVocabulary } from "../conversation/vocabulary/find-vocabulary.ts";
import { plainWords } from "../conversation/words.ts";
import type { JournalEntry } from "../journal/journal.ts";
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

/** Strings under these names are the machine's own words. All others may be somebody's. */
const STRUCTURAL = new Set(
  (
    "type id role timer reason outcome provider stage kind purpose mode language pace direction status endReason " +
    "format method denoising modelTier eagerness strategies dialect events clip languageModel speechToText " +
    "textToSpeech timeZone detectors textDirection transcription required"
  ).split(" "),
);
const STRUCTURAL_NAME = /(?:Id|Ids|At)$/;
/** What stands below these was said, sent or collected: numbers too. */
const COLLECTED = new Set(["values", "variables", "metadata", "inputs"]);
/** JSON as text. */
const JSON_TEXT = new Set(["arguments", "result"]);
/** Facts and orders whose `name` is that of a tool. */
const OF_TOOL = /^(?:run-tool|tool-requested)$/;

/**
 * The bundle without secrets: values of telling names, headers of tools, known kinds of keys, and all of a URL but its
 * host and path. Masks keep the length and the shape of words, and what the rules decide by, so that a scrubbed call
 * still replays to the same orders.
 */
export function scrubBundle(bundle: CallBundle, options: ScrubOptions): CallBundle {
  const { header, call, agent, entries, recording } = bundle;
  const place: Place = { ...options, keep: wordsToKeep(entries), isSpoken: true };
  return {
    header: { ...header, scrubbed: options },
    call: scrubValue(call, place) as JsonObject,
    ...(agent === undefined ? {} : { agent: scrubValue(agent, place) as JsonObject }),
    entries: withReasons(entries.map((entry) => scrubValue(entry, place) as typeof entry)),
    ...(recording === undefined || options.words ? {} : { recording }),
  };
}

type Place = ScrubOptions & {
  /** In small letters. */
  readonly keep: ReadonlySet<string>;
  /** Not the machine's own words. */
  readonly isSpoken: boolean;
  readonly isCollected?: boolean;
};

/** The words by which the rules decide who has the floor: "and", "um", "mm-hmm". They tell nothing of anybody. */
function wordsToKeep(entries: readonly JournalEntry[]): ReadonlySet<string> {
  const started = entries[0]?.event;
  const language = started?.type === "call-started" ? started.rules?.language : undefined;
  const { dangling, mayEnd, hesitations, backchannels, commands, closings, holds } = findVocabulary(language ?? "en");
  const phrases = [dangling, mayEnd, hesitations, backchannels, commands, closings, holds].flatMap((set) => [...set]);
  return new Set(phrases.flatMap((phrase) => phrase.split(" ")));
}

/** Orders may quote what was said: where the rules give the same orders for the masked words, theirs stand. */
function withReasons(entries: readonly JournalEntry[]): JournalEntry[] {
  let now = newConversation();
  return entries.map((entry) => {
    const step = reduce(now, entry.event);
    now = step.now;
    return isSameOrder(step.effects, entry.effects) ? { ...entry, effects: step.effects } : entry;
  });
}

function isSameOrder(one: readonly Effect[], other: readonly Effect[]): boolean {
  return isDeepStrictEqual(one.map(withoutTexts), other.map(withoutTexts));
}

function withoutTexts(effect: Effect): unknown {
  return Object.entries(effect).filter(([name, value]) => isStructural(name) || typeof value !== "string");
}

function isStructural(name: string): boolean {
  return STRUCTURAL.has(name) || STRUCTURAL_NAME.test(name);
}

function scrubValue(value: unknown, place: Place): unknown {
  if (typeof value === "string") return scrubText(value, place);
  if (typeof value === "number") return place.isCollected && place.numbers ? maskNumber(value) : value;
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, place));
  if (typeof value !== "object" || value === null) return value;
  const type = (value as JsonObject)["type"];
  const isOfTool = typeof type === "string" && OF_TOOL.test(type);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "name" && isOfTool ? inner : scrubNamed(name, inner, place),
    ]),
  );
}

function scrubNamed(name: string, value: unknown, place: Place): unknown {
  const isHolder = typeof value === "object" && value !== null;
  if (SECRET_NAME.test(name) && (typeof value === "string" || isHolder)) return REMOVED;
  if (name === "headers" && isHolder) return Object.fromEntries(Object.keys(value).map((header) => [header, REMOVED]));
  // The names of an agent's tools are what its calls go by.
  if (name === "tools" && Array.isArray(value)) return value.map((tool) => scrubTool(tool, place));
  if (COLLECTED.has(name)) return scrubValue(value, { ...place, isSpoken: true, isCollected: true });
  if (JSON_TEXT.has(name) && typeof value === "string") return scrubJsonText(value, { ...place, isCollected: true });
  const isSpoken = place.isCollected === true || !isStructural(name);
  return scrubValue(value, { ...place, isSpoken });
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

function scrubText(text: string, { numbers, words, keep, isSpoken }: Place): string {
  const clean = text.replace(SECRET_TEXT, hideKey).replace(URL_TEXT, bareUrl);
  if (!isSpoken) return clean;
  const masked = numbers ? clean.replace(EMAIL, (email) => maskLetters(email)).replace(/\p{Nd}/gu, "1") : clean;
  return words ? maskWords(masked, keep) : masked;
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

function maskWords(text: string, keep: ReadonlySet<string>): string {
  return text.replace(/(?:https?|wss?):\/\/|[\p{L}\p{N}'’-]+/gu, (word) => {
    const isKept = word.endsWith("//") || plainWords(word).every((part) => keep.has(part));
    return isKept ? word : maskLetters(word);
  });
}

function maskLetters(word: string): string {
  return word.replace(/\p{Lu}/gu, "X").replace(/\p{L}/gu, (letter) => (letter === "X" ? "X" : "x"));
}

function maskNumber(value: number): number {
  return Number(String(value).replace(/\d/g, "1"));
}
