/** Lower case, no punctuation but what numbers, times and addresses need, single spaces. */
export function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/(?<=\d),(?=\d{3}\b)/g, "")
    .replace(/[^\p{L}\p{N}'@.:+\-\s]/gu, " ")
    .replace(/[.:\-']+(?=\s|$)|(?<=\s|^)[.:\-']+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Sounds that fill a pause and mean nothing. */
const FILLERS = /^(?:u+h+|u+m+|e+r+m?|a+h+|h+m+|m+h*m+|oh|so|well|okay so|like|you know)$/;

export function isGarbage(text: string): boolean {
  const words = normalise(text)
    .split(" ")
    .filter((word) => word !== "");
  return words.every((word) => FILLERS.test(word) || !/[\p{L}\p{N}]/u.test(word));
}

/** "um, it's Tuesday please" becomes "tuesday". */
export function stripLeadIns(text: string): string {
  const lead =
    /^(?:(?:u+h+|u+m+|erm?|oh|well|so|okay|ok|yes|yeah|sure|no|actually|sorry|please|i mean|i meant|i said|it's|it is|its|that's|that is|that would be|it would be|the answer is|let's say|make it|make that|say|maybe|i think|i'd say|i would say|i'd like|i would like|we'd like|how about|for|at|on|in|is|it)\b[\s,]*)+/;
  return text
    .replace(lead, "")
    .replace(/\s+(?:please|thanks|thank you)$/, "")
    .trim();
}
