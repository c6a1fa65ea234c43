import type { JournalEntry } from "@earshot/sdk";

/** One line about one fact, e.g. `   3.42  reply-heard r2 "We open at nine."`. */
export function describeEntry({ atMs, event }: JournalEntry): string {
  const details = Object.entries(event)
    .filter(([name]) => !["type", "atMs", "rules"].includes(name))
    .map(([name, value]) => (typeof value === "string" && name !== "text" ? value : JSON.stringify(value)));
  return [`${(atMs / 1000).toFixed(2).padStart(7)} `, event.type, ...details].join(" ");
}
