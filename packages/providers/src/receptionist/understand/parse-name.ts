import { isGarbage } from "./words.ts";

const INTRODUCTION =
  /\b(?:my (?:full |first |last )?name is|my name's|the name is|the name's|this is|i am|i'm|call me|it's|it is)\s+/i;
const NOT_A_NAME =
  /\b(?:calling|looking|trying|wondering|interested|sorry|not|here|fine|good|well|okay|sure|going|having|just|about|for|to|the|what|when|where|who|how|why|can|could|would|do|does|is|are|want|need|like|have|your|you|book|speak|talk|yes|yeah|no|nope|please|thanks|thank|hello|hi|hey|bye|goodbye|today|tomorrow|it's|don't|appointment|open|closed|that|it|this|there|nothing|nobody|all|done|let|let's|can't|won't|only|was|were|my|me|we|they|he|she|if|because|weather|very|still)\b/i;
const MAX_WORDS = 4;

/** A person's name, from the whole answer or after an introduction: "yeah, my name is jane doe". */
export function parseName(text: string): string | undefined {
  const introduced = INTRODUCTION.exec(text);
  const rest = introduced === null ? text : text.slice(introduced.index + introduced[0].length);
  return toName(
    rest.replace(/^(?:(?:uh+|um+|erm?|yes|yeah|sure|okay|ok|well|oh|no|actually|sorry|so|hi|hello)[\s,.!]+)+/i, ""),
  );
}

/** Only where the caller introduces themselves: safe to listen for at any time. */
export function parseIntroducedName(text: string): string | undefined {
  const introduced =
    /\b(?:my (?:full |first |last )?name is|my name's|the name is|the name's|this is|i am|i'm)\s+/i.exec(text);
  return introduced === null ? undefined : toName(text.slice(introduced.index + introduced[0].length));
}

function toName(text: string): string | undefined {
  const phrase = text.split(/[,.;!?](?:\s|$)|\s(?:and|but|from|with|speaking|here|calling)\b/i)[0]?.trim() ?? "";
  const joined = joinSpelled(phrase);
  if (joined === "" || isGarbage(joined) || NOT_A_NAME.test(joined)) return undefined;
  if (!/^[\p{L}][\p{L}'’.\- ]*$/u.test(joined)) return undefined;
  const words = joined.split(/\s+/);
  return words.length > MAX_WORDS ? undefined : words.map(capitalise).join(" ");
}

/** "J-A-N-E" and "j a n e" are one word. */
function joinSpelled(text: string): string {
  return text.replace(/\b(?:\p{L}[\s.-]+){2,}\p{L}\b\.?/gu, (run) => run.replace(/[\s.-]/g, "").toLowerCase());
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
