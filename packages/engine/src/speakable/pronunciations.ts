import { type Claim, claimEach } from "./claims.ts";

/** `from` as it is written, `to` as it is said. */
export type Pronunciation = { readonly from: string; readonly to: string };

type Compiled = { readonly pattern: RegExp; readonly spoken: ReadonlyMap<string, string> };

const compiled = new WeakMap<readonly Pronunciation[], Compiled>();

/** Whole words, whatever their case; where several begin at one place, the longest. */
export function claimPronunciations(text: string, pronunciations: readonly Pronunciation[]): Claim[] {
  if (pronunciations.length === 0) return [];
  const { pattern, spoken } = compile(pronunciations);
  return claimEach(text, pattern, ([written]) => spoken.get(toKey(written)));
}

function compile(pronunciations: readonly Pronunciation[]): Compiled {
  const before = compiled.get(pronunciations);
  if (before) return before;
  const spoken = new Map<string, string>();
  for (const { from, to } of pronunciations)
    if (from.trim() !== "" && !spoken.has(toKey(from))) spoken.set(toKey(from), to);
  const sources = [...spoken.keys()].toSorted((a, b) => b.length - a.length).map(toSource);
  const made = { pattern: new RegExp(sources.length === 0 ? "(?!)" : sources.join("|"), "giu"), spoken };
  compiled.set(pronunciations, made);
  return made;
}

function toKey(written: string): string {
  return written.trim().replace(/\s+/g, " ").toLowerCase();
}

function toSource(key: string): string {
  const escaped = key.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replace(/ /g, "\\s+");
  const start = /^[\p{L}\p{N}]/u.test(key) ? "(?<![\\p{L}\\p{N}])" : "";
  return `${start}${escaped}${/[\p{L}\p{N}]$/u.test(key) ? "(?![\\p{L}\\p{N}])" : ""}`;
}
