/** Words that carriers want to be understood, as the whole of a message. */
const STOP = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"]);
const START = new Set(["START", "UNSTOP", "YES"]);
const HELP = new Set(["HELP", "INFO"]);

export type Keyword = "stop" | "start" | "help";

/** What a message orders, undefined when it is just a message. YES orders only who had said STOP. */
export function keywordOf(body: string, isOptedOut: boolean): Keyword | undefined {
  const word = body
    .trim()
    .replace(/[.!"']+/g, "")
    .toUpperCase();
  if (STOP.has(word)) return "stop";
  if (START.has(word) && (word !== "YES" || isOptedOut)) return "start";
  return HELP.has(word) ? "help" : undefined;
}
