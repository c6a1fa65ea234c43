import type { JournalEntry } from "@earshot/sdk";

const TOOL = /digit|dtmf|keypad/i;

/** The keys that the agent pressed: an order of the rules, or else what a tool for it was asked for. */
export function digitsSentIn({ event, effects }: JournalEntry): string {
  const ordered = effects
    .filter(({ type }) => type.includes("digit"))
    .map((effect) => keysOf(effect["digits"] ?? effect["digit"]))
    .join("");
  if (ordered !== "" || event.type !== "tool-requested" || !TOOL.test(String(event["name"]))) return ordered;
  return keysOf(parseDigits(String(event["arguments"])));
}

function parseDigits(json: string): unknown {
  try {
    const { digits, digit, keys } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    return digits ?? digit ?? keys;
  } catch {
    return undefined;
  }
}

function keysOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).replace(/[^0-9*#]/g, "") : "";
}
