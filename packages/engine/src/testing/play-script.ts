/** Prints a journal as people read calls: who said what when, and what the rules ordered. */

import type { Effect } from "../conversation/effect.ts";
import type { ConversationEvent } from "../conversation/event.ts";

export type PlayLine = { readonly event: ConversationEvent; readonly effects: readonly Effect[] };

export function toPlayScript(lines: readonly PlayLine[]): string {
  return lines
    .map(({ event, effects }) => {
      const seconds = (event.atMs / 1000).toFixed(2).padStart(7);
      const orders = effects.map((effect) => `\n          -> ${describe(effect)}`).join("");
      return `${seconds}  ${describe(event)}${orders}`;
    })
    .join("\n");
}

function describe(line: ConversationEvent | Effect): string {
  const details = Object.entries(line)
    .filter(([key]) => key !== "type" && key !== "atMs" && key !== "rules")
    .map(([key, value]) => (key === "text" || key === "say" ? JSON.stringify(value) : `${key}=${String(value)}`));
  return [line.type, ...details].join(" ");
}
