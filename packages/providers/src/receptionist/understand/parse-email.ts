import { stripLeadIns } from "./words.ts";

/** An address as it is written or spelled out: "jane dot doe at example dot com", "j-a-n-e at example.com". */
export function parseEmail(words: string): string | undefined {
  // Letter by letter, recognised with dashes or spaces between: "j-a-n-e at", "j a n e at".
  const joined = stripLeadIns(words).replace(/\b(?:[a-z0-9][\s-]){2,}[a-z0-9]\b/g, (run) => run.replace(/[\s-]/g, ""));
  const written = joined
    .replace(/\bunderscore\b/g, "_")
    .replace(/\b(?:dash|hyphen|minus)\b/g, "-")
    .replace(/\bplus\b/g, "+")
    .replace(/\b(?:dot|point|period)\b/g, ".")
    .replace(/\bat sign\b|\bat\b/g, "@")
    .replace(/\s*([._+@-])\s*/g, "$1");
  return /[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/.exec(written)?.[0];
}

export function speakEmail(address: string): string {
  return address
    .replaceAll("@", " at ")
    .replaceAll(".", " dot ")
    .replaceAll("_", " underscore ")
    .replaceAll("-", " dash ")
    .replaceAll("+", " plus ");
}
