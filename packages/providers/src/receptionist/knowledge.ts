/** What the agent's prompt and notes say, in sentences that can be spoken. */
export type Knowledge = {
  readonly facts: readonly Fact[];
  /** "Bloom Dental", from "You are the receptionist of Bloom Dental". */
  readonly business?: string;
  /** "Ava", from "Your name is Ava" or "You are Ava, …". */
  readonly agentName?: string;
};

export type Fact = {
  readonly text: string;
  /** Words that lead to it beside its own: the heading above it, the question it answers. */
  readonly keys: string;
  /** Facts of one paragraph or list belong together. */
  readonly paragraph: number;
};

const MAX_SYSTEM_CHARS = 100_000;

/** Sentences addressed to the agent ("Always be polite", "You are …") are orders, not answers, and left out. */
export function readKnowledge(system: string): Knowledge {
  const lines = readLines(system.slice(0, MAX_SYSTEM_CHARS));
  const sentences = lines.flatMap((line) => line.sentences);
  const business = firstOf(sentences, findBusiness);
  const agentName = firstOf(sentences, findAgentName);
  return {
    facts: lines.flatMap(toFacts),
    ...(business === undefined ? {} : { business }),
    ...(agentName === undefined ? {} : { agentName }),
  };
}

type Line = { readonly sentences: readonly string[]; readonly heading: string; readonly paragraph: number };

function readLines(system: string): readonly Line[] {
  const lines: Line[] = [];
  let heading = "";
  let paragraph = 0;
  for (const line of system.split(/\r?\n/)) {
    const title = /^\s*#{1,6}\s+(.*)$/.exec(line)?.[1];
    const isNote = /^\s*(?:[-*•]|\d+[.)])\s+/.test(line);
    if (title !== undefined || isNote || line.trim() === "") paragraph += 1;
    if (title !== undefined) heading = isGeneric(title) ? "" : title;
    else lines.push({ sentences: splitSentences(stripMarkdown(line)), heading, paragraph });
  }
  return lines;
}

function toFacts({ sentences, heading, paragraph }: Line): readonly Fact[] {
  return sentences.flatMap((sentence, index) => {
    const fact = toFact(sentence);
    if (fact === undefined) return [];
    const before = sentences[index - 1];
    const question = before?.endsWith("?") ? before.replace(/^(?:Q|Question):\s*/, "") : "";
    const keys = [question, fact.keys, heading].filter((key) => key !== "").join(" ");
    return [{ ...fact, keys, paragraph }];
  });
}

function firstOf(sentences: readonly string[], find: (sentence: string) => string | undefined): string | undefined {
  for (const sentence of sentences) {
    const found = find(sentence);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Ends of sentences, not of abbreviations: "Dr. Lee is in at 9 a.m. on Mondays." is one. */
export function splitSentences(text: string): readonly string[] {
  return text
    .split(
      /(?<=[.!?])(?<!\b(?:Dr|Mr|Mrs|Ms|St|Ave|Rd|No|Prof|Jr|Sr|vs|etc|approx|[a-z]\.[a-z]|[A-Z])\.)\s+(?=["'(]?[\p{Lu}\d])/u,
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function stripMarkdown(line: string): string {
  return line
    .replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}/g, "")
    .trim();
}

function isGeneric(heading: string): boolean {
  return /^(?:notes?|facts?|knowledge|context|information|info|about|faq|prompt|background)$/i.test(heading.trim());
}

const ORDER =
  /^(?:you|your|always|never|be|do|don't|do not|answer|ask|speak|talk|keep|use|make sure|ensure|tell|say|greet|collect|gather|help|assist|offer|remember|try|please|avoid|only|when (?:the|a) (?:caller|customer|user|person)|act|respond|reply|introduce|confirm|refer|take|transfer|thank|stay|sound|begin|start|end|once|after|before|under no circumstances|if|unless|behave|pretend|provide|give|explain|apologi[sz]e|invite|find out|let|listen|wait|stick|focus|follow|read|repeat|verify|treat|limit|mention|inform)\b/i;
const CONDITIONAL =
  /^(?:if|when|whenever) (?:the |a |any)?(?:caller|customer|someone|anyone|somebody|people|user|they|one)s? (?:asks?|wants? to know|wonders?|enquires?|inquires?)(?: about| for| if| whether)?\s*(.*?),\s*(?:please )?(?:say|tell (?:them|him|her|the caller|people)|answer|reply|respond|explain)(?: that| with)?:?\s+(.+)$/i;

function toFact(sentence: string): Omit<Fact, "paragraph"> | undefined {
  const conditional = CONDITIONAL.exec(sentence);
  if (conditional !== null) {
    const answer = (conditional[2] ?? "").replace(/^["“']|["”']\.?$/g, "");
    return { text: finish(answer), keys: conditional[1] ?? "" };
  }
  if (ORDER.test(sentence) || sentence.endsWith("?") || sentence.endsWith(":")) return undefined;
  return { text: finish(sentence.replace(/^(?:A|Answer):\s*/, "")), keys: "" };
}

/** "Hours: 9 to 5" is spoken as "Hours: 9 to 5." */
function finish(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]["'”]?$/.test(capital) ? capital : `${capital}.`;
}

function findBusiness(sentence: string): string | undefined {
  if (!/^(?:you are|you're|you work|act as|you answer)/i.test(sentence)) return undefined;
  const named =
    /\b(?:receptionist|assistant|agent|concierge|host|hostess|operator|secretary|representative|clerk|voice|front desk|support|help ?desk|phones?|calls?|work|works)\b[^.,]*?\b(?:of|for|at|from|to|with)\s+(?:the\s+)?([^.,;:!?]+)/i.exec(
      sentence,
    );
  const name = named?.[1]?.replace(/\s+(?:who|which|that|and|where|in|on|a|an)\s.*$/, "").trim();
  if (name === undefined || name === "" || !/^(?:\p{Lu}|\d|our\b)/u.test(name)) return undefined;
  const hasThe = new RegExp(`\\bthe\\s+${escapePattern(name)}`).test(sentence);
  return hasThe ? `the ${name}` : name;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function findAgentName(sentence: string): string | undefined {
  return (
    /^your name is (\p{Lu}[\p{L}'-]+)/iu.exec(sentence)?.[1] ??
    /^(?:you are|you're) (\p{Lu}[\p{L}'-]+),/u.exec(sentence)?.[1] ??
    /\b(?:named|called) (\p{Lu}[\p{L}'-]+)/u.exec(/^(?:you are|you're)/i.test(sentence) ? sentence : "")?.[1]
  );
}
