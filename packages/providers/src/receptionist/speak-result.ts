import type { Message } from "@earshot/engine";
import { splitSentences } from "./knowledge.ts";

const MAX_SENTENCES = 3;
const MAX_FIELDS = 5;
const MAX_ITEMS = 3;
const MAX_CHARS = 400;
/** Fields whose text was written to be said. */
const SPOKEN_FIELDS = ["speech", "say", "message", "answer", "summary", "text", "result"];
const HIDDEN_FIELDS = /(^|_)(id|uuid|token|url|href|status_?code|created|updated)(_at)?$|Id$/;

/** A tool's result in a few short sentences. */
export function speakResult(result: Message & { role: "tool" }): readonly string[] {
  if (result.outcome === "failed") return ["I'm sorry, that didn't work just now."];
  const value = parse(result.result);
  if (isFailure(value)) return ["I'm sorry, that didn't work just now.", ...speakReason(value)];
  const sentences = speak(value);
  return sentences.length === 0 ? ["That's done."] : sentences;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isFailure(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  return value["success"] === false || value["ok"] === false || typeof value["error"] === "string";
}

function speakReason(value: Readonly<Record<string, unknown>>): readonly string[] {
  const reason = value["message"] ?? value["error"] ?? value["reason"];
  return typeof reason === "string" ? speakText(reason) : [];
}

function speak(value: unknown): readonly string[] {
  if (typeof value === "string") return speakText(value);
  if (typeof value === "number") return [`The answer is ${value}.`];
  if (typeof value === "boolean") return [value ? "Yes." : "No."];
  if (Array.isArray(value)) return speakList(value);
  if (!isRecord(value)) return [];
  const spoken = SPOKEN_FIELDS.map((key) => value[key]).find((text) => typeof text === "string" && text.trim() !== "");
  if (typeof spoken === "string") return speakText(spoken);
  const nested = Object.values(value);
  if (nested.length === 1 && typeof nested[0] === "object") return speak(nested[0]);
  return speakFields(value);
}

function speakText(text: string): readonly string[] {
  const plain = text
    .replace(/[*_`#>|]+/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_CHARS);
  return splitSentences(plain)
    .slice(0, MAX_SENTENCES)
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`));
}

function speakFields(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(value)
    .flatMap(([key, field]) => (!HIDDEN_FIELDS.test(key) && isScalar(field) ? [{ key, field }] : []))
    .slice(0, MAX_FIELDS)
    .map(({ key, field }) => `${toLabel(key)}: ${speakScalar(field)}.`);
}

function speakScalar(value: string | number | boolean): string {
  if (typeof value !== "boolean") return String(value);
  return value ? "yes" : "no";
}

function speakList(items: readonly unknown[]): readonly string[] {
  if (items.length === 0) return ["I found nothing."];
  const named = items.slice(0, MAX_ITEMS).map((item) => (isScalar(item) ? String(item) : nameOf(item)));
  const rest = items.length > MAX_ITEMS ? ` and ${items.length - MAX_ITEMS} more` : "";
  return [`I found ${named.filter((name) => name !== "").join(", ")}${rest}.`];
}

function nameOf(item: unknown): string {
  if (!isRecord(item)) return "";
  const named = item["name"] ?? item["title"] ?? item["label"] ?? item["time"] ?? item["date"];
  return isScalar(named) ? String(named) : Object.values(item).filter(isScalar).slice(0, 2).join(" ");
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value) && value !== "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toLabel(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
