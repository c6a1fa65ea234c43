/** Parts of a sentence that are said otherwise than they are written. What was claimed first stays. */

import type { SpokenLanguage } from "./languages/spoken-language.ts";

export type Claim = {
  readonly start: number;
  readonly end: number;
  readonly spoken: string;
  /** A number, a date or a time: a dash between two of them means "to". */
  readonly isAmount?: boolean;
};

/** Finds what it knows to say in a sentence. Total, and linear in the length of the text. */
export type Rule = (text: string, language: SpokenLanguage) => readonly Claim[];

/** `say` gives undefined for what only looks like a match. `pattern` needs the flag g. */
export function claimEach(
  text: string,
  pattern: RegExp,
  say: (match: RegExpExecArray) => string | undefined,
  isAmount = false,
): Claim[] {
  const claims: Claim[] = [];
  for (const match of text.matchAll(pattern)) {
    const spoken = say(match);
    if (spoken !== undefined)
      claims.push({
        start: match.index,
        end: match.index + match[0].length,
        spoken,
        ...(isAmount ? { isAmount } : {}),
      });
  }
  return claims;
}

/** The claims of all rules, in order of the text; of two that overlap the earlier rule's. */
export function settleClaims(proposals: Iterable<readonly Claim[]>): Claim[] {
  const settled: Claim[] = [];
  for (const claims of proposals)
    for (const claim of claims) {
      const isFree = settled.every((other) => claim.end <= other.start || claim.start >= other.end);
      if (isFree && claim.end > claim.start) settled.push(claim);
    }
  return settled.toSorted((a, b) => a.start - b.start);
}

/** The word in front of a place, without the space between. */
export function wordBefore(text: string, index: number): string {
  return /([\p{L}\p{N}.'’]+)\s+$/u.exec(text.slice(Math.max(0, index - 40), index))?.[1] ?? "";
}

/** Makes something of a language once. */
export function perLanguage<Made>(make: (language: SpokenLanguage) => Made): (language: SpokenLanguage) => Made {
  const made = new WeakMap<SpokenLanguage, Made>();
  return (language) => {
    const before = made.get(language);
    if (before !== undefined) return before;
    const fresh = make(language);
    made.set(language, fresh);
    return fresh;
  };
}
