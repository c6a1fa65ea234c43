import type { ToolDefinition } from "@earshot/engine";
import { isGarbage, normalise } from "./words.ts";

/** What a caller's words do, whatever they are about. */
export type Intent =
  | "garbage"
  | "repeat"
  | "goodbye"
  | "greeting"
  | "thanks"
  | "presence"
  | "how-are-you"
  | "ask-robot"
  | "ask-capabilities"
  | "ask-identity"
  | "leave-message"
  | "cancel"
  | "decline"
  | "yes"
  | "no"
  | "question"
  | "statement";

/** Most telling first. */
const PATTERNS: readonly (readonly [Intent, RegExp])[] = [
  [
    "repeat",
    /^(?:(?:i'm )?sorry )?(?:what|pardon(?: me)?|excuse me|come again|huh|what was that|what did you say|go on|go ahead|carry on)$|\b(?:repeat that|say that again|say it again|repeat it|one more time|didn't (?:hear|catch|get) (?:that|you|it)|couldn't hear|can't hear you)\b|^(?:can|could) you repeat\b/,
  ],
  [
    "ask-robot",
    /\b(?:are you|is this|am i (?:talking|speaking) (?:to|with)|you're)\b.*\b(?:robot|bot|machine|human|real person|real|person|ai|computer|recording|automated|a\.i)\b/,
  ],
  [
    "presence",
    /^(?:hello |yes |yeah |hi )?(?:(?:i'm|i am) (?:still )?(?:here|there|on the line)|are you (?:still )?(?:there|on the line))$/,
  ],
  ["how-are-you", /^(?:hello |hi |hey |and )?how are you(?: (?:today|doing))*$|^how's it going$/],
  [
    "ask-capabilities",
    /\bwhat (?:can|do) you (?:do|know|help (?:me )?with|offer help with)\b(?! on| at| in| for a)|\bhow can you help\b|\bwhat can i (?:ask|say)\b|^help$/,
  ],
  [
    "ask-identity",
    /\bwho (?:is this|are you|am i (?:talking|speaking) (?:to|with)|did i reach)\b|\bwhat(?:'s| is) your name\b|\bwho have i reached\b|\bis this the right number\b|\bwhere am i calling\b/,
  ],
  [
    "leave-message",
    /\b(?:leave|take) (?:a|him a|her a|them a|you a) message\b|\bcan you (?:tell|let) (?:him|her|them|the \w+)\b|\bcall me back\b/,
  ],
  [
    "cancel",
    /^(?:no )?(?:never mind|nevermind|forget (?:it|that|about it)|cancel(?: that)?|stop|skip (?:it|that|this))$|\bforget (?:about )?(?:it|that)\b/,
  ],
  [
    "decline",
    /\b(?:rather not|don't want to (?:say|give|tell)|prefer not|none of your business|i don't have (?:one|an?)\b|no email|i don't know|not sure|i have no idea|skip)\b/,
  ],
];

const GOODBYE =
  /\b(?:goodbye|good bye|bye(?: bye)?|see you|have a (?:good|nice|great) (?:day|one|evening|weekend)|that's (?:all|it)|that is (?:all|it)|that'll be all|that will be all|nothing else|i'm done|i am done|hang up|talk to you later)\b/;
const GREETING =
  /^(?:(?:hello|hi|hey|good (?:morning|afternoon|evening)|hi there|hello there|howdy)(?: (?:there|again))?)$/;
const THANKS =
  /^(?:(?:okay|ok|great|perfect|alright|all right|no) )?(?:thanks?|thank you|thank you so much|many thanks|cheers)(?: (?:a lot|very much|so much|for that|for your help))*$/;
const YES =
  /^(?:(?:uh|um|oh|well) )?(?:yes|yeah|yep|yup|sure|correct|right|exactly|absolutely|definitely|certainly|of course|okay|ok|alright|all right|that's right|that is right|that's correct|that is correct|sounds good|looks good|go ahead|please do|please|it is|i do|i am|i would|uh-? ?huh|mm+-? ?hm+|perfect|great|fine)\b/;
const NO =
  /^(?:(?:uh|um|oh|well) )?(?:no|nope|nah|not really|wrong|incorrect|that's wrong|that's not right|that is not|not quite|negative|i don't|i do not|i'm not|not at all)\b/;
const QUESTION =
  /^(?:and |so |but |okay |ok |um |uh |well |hi |hello |yes |yeah |sorry |also )*(?:what|when|where|who|whose|why|which|how|is|are|am|was|were|do|does|did|can|could|will|would|should|may|have|has)\b|\b(?:tell me|i(?:'d| would) like to know|i want to know|i was wondering|i wonder|do you|can i|could i|may i|how much|how many|what about|is there|are there|what time)\b/;

/** The one thing that the words do; longer turns that only end in "thanks, bye" still count as what they ask. */
export function findIntent(text: string): Intent {
  if (isGarbage(text)) return "garbage";
  const words = normalise(text);
  const found = PATTERNS.find(([, pattern]) => pattern.test(words));
  if (found !== undefined) return found[0];
  if (isGoodbye(words)) return "goodbye";
  if (GREETING.test(words)) return "greeting";
  if (THANKS.test(words)) return "thanks";
  if (isQuestion(text)) return "question";
  if (isYes(words)) return "yes";
  return isNo(words) ? "no" : "statement";
}

export function isYes(words: string): boolean {
  return YES.test(words) && !/\bbut\b|\bexcept\b/.test(words);
}

export function isNo(words: string): boolean {
  return NO.test(words);
}

export function isQuestion(text: string): boolean {
  return text.trim().endsWith("?") || QUESTION.test(normalise(text));
}

const MAX_GOODBYE_WORDS = 8;

function isGoodbye(words: string): boolean {
  return (
    GOODBYE.test(words) && words.split(" ").length <= MAX_GOODBYE_WORDS && !/\bwhat time\b|\bwhen\b|\bhow\b/.test(words)
  );
}

/** The tool whose phrase the caller said; of several the longest phrase. */
export function findToolByPhrase(text: string, tools: readonly ToolDefinition[]): ToolDefinition | undefined {
  const words = ` ${normalise(text)} `;
  const hits = tools.flatMap((tool) =>
    (tool.phrases ?? [])
      .map((phrase) => normalise(phrase))
      .filter((phrase) => phrase !== "" && words.includes(` ${phrase} `))
      .map((phrase) => ({ tool, length: phrase.length })),
  );
  return hits.sort((a, b) => b.length - a.length)[0]?.tool;
}
