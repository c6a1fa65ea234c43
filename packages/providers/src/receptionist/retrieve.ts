import type { Embedder } from "@earshot/engine";
import MiniSearch from "minisearch";
import type { Fact } from "./knowledge.ts";
import { isQuestion } from "./understand/intents.ts";
import { normalise } from "./understand/words.ts";

/** Share of the question's telling words that a fact must hold, its synonyms included. */
const MIN_COVERAGE = 0.5;
/** The same for words that ask nothing. */
const MIN_COVERAGE_OF_STATEMENT = 0.75;
/** Cosine from which a meaning is near enough without a word in common. */
const MIN_COSINE = 0.55;
const MAX_FACTS = 2;

const STOP_WORDS = new Set(
  "a an the and or but of to in on at for from with by is are am was were be been do does did have has had i you he she it we they me my your our their this that these those there here what when where who which why how can could will would shall should may might must please tell know like want need get got any some so um uh hello hi hey okay ok yes no not just also about if then than as up out all guys thing something anything much many exactly actually really question wondering calling call today".split(
    " ",
  ),
);

/** Words that stand for one another in what callers ask. */
const SYNONYMS: readonly (readonly string[])[] = [
  ["open", "opening", "hours", "hour", "close", "closed", "closing", "until", "opens", "closes"],
  [
    "cost",
    "costs",
    "price",
    "prices",
    "fee",
    "fees",
    "charge",
    "expensive",
    "cheap",
    "dollars",
    "euros",
    "pounds",
    "pay",
  ],
  ["where", "address", "located", "location", "street", "avenue", "road", "find", "directions", "situated", "corner"],
  ["park", "parking", "car", "garage", "lot"],
  ["book", "booking", "reserve", "reservation", "reservations", "appointment", "appointments", "schedule"],
  ["cancel", "cancellation", "reschedule", "change"],
  ["insurance", "insurances", "insured", "coverage", "cover", "covered"],
  ["card", "cards", "cash", "credit", "payment", "payments", "visa"],
  ["deliver", "delivery", "deliveries", "shipping", "ship", "takeaway", "takeout"],
  ["doctor", "dentist", "physician", "dr", "practitioner"],
  ["kid", "kids", "child", "children", "toddler"],
  ["dog", "dogs", "pet", "pets", "cat", "cats", "animal", "animals"],
  ["vegan", "vegetarian", "plant"],
  ["emergency", "emergencies", "urgent", "urgently"],
  ["phone", "telephone", "number", "contact", "reach"],
  ["email", "e-mail", "mail"],
  ["weekend", "weekends", "saturday", "sunday"],
];

type AnswerKind = { readonly asked: RegExp; readonly hint: string; readonly looksLike: RegExp };

/** What a question word wants to hear, and how such an answer looks. */
const ANSWER_KINDS: readonly AnswerKind[] = [
  {
    asked: /\bwhere\b/,
    hint: "address",
    looksLike: /\b(?:street|avenue|road|square|floor|next to|corner|behind|located|address)\b/i,
  },
  { asked: /\bhow much\b/, hint: "price", looksLike: /[$€£]|\b(?:dollars?|euros?|pounds?|cents|free|costs?)\b/i },
  {
    asked: /\b(?:when|what time|how late|how early|what days?|hours|open|close)\b/,
    hint: "hours",
    looksLike: /\b(?:\w+days?|from \w+ to|until|till|[ap]\.?m|o'clock|noon)\b/i,
  },
  { asked: /\bwho\b/, hint: "doctor", looksLike: /\bDr\.|\b(?:is|are) (?:our|the) \w+/ },
];
const CONCEPT_WEIGHT = 0.5;

export type Retriever = {
  /** The one or two facts that answer the question, best first; none where nothing fits. */
  retrieve(facts: readonly Fact[], question: string, signal: AbortSignal): Promise<readonly Fact[]>;
};

/** BM25, helped by meaning where an embedder is given. An embedder that fails is done without. */
export function makeRetriever(embedder?: Embedder): Retriever {
  return {
    async retrieve(facts, question, signal) {
      const lexical = searchWords(facts, question);
      const scores = embedder === undefined ? lexical : await addMeaning(embedder, facts, question, lexical, signal);
      return pick(facts, scores);
    },
  };
}

/** A fact as the embedder reads it. */
export function toEmbeddedText(fact: Fact): string {
  return `${fact.keys} ${fact.text}`.trim();
}

type Scores = ReadonlyMap<number, number>;

function searchWords(facts: readonly Fact[], question: string): Scores {
  const kind = ANSWER_KINDS.find(({ asked }) => asked.test(normalise(question)));
  const terms = [...new Set(tokenise(question))];
  const asked = terms.length === 0 && kind !== undefined ? [kind.hint] : terms;
  if (asked.length === 0) return new Map();
  const concepts = [...asked, ...(kind === undefined ? [] : [kind.hint])].flatMap(conceptOf);
  const found = indexFacts(facts).search([...new Set([...asked, ...concepts])].join(" "));
  const minCoverage = isQuestion(question) ? MIN_COVERAGE : MIN_COVERAGE_OF_STATEMENT;
  const hits = found.flatMap((hit): Hit[] => {
    const held = new Set(hit.queryTerms);
    const covered = asked.filter((term) => [term, ...conceptOf(term)].some((word) => held.has(word)));
    const coverage = covered.length / asked.length;
    const looksRight = kind?.looksLike.test(facts[hit.id]?.text ?? "") === true;
    return coverage < minCoverage ? [] : [{ id: hit.id, coverage, looksRight, score: hit.score * coverage }];
  });
  return new Map(preferRightKind(hits).map((hit) => [hit.id, hit.score]));
}

type Hit = { readonly id: number; readonly coverage: number; readonly looksRight: boolean; readonly score: number };

/** Where a fact has what the question word asks for and fits as well as any, those that lack it are left out. */
function preferRightKind(hits: readonly Hit[]): readonly Hit[] {
  const best = Math.max(...hits.map((hit) => hit.coverage));
  return hits.some((hit) => hit.looksRight && hit.coverage === best) ? hits.filter((hit) => hit.looksRight) : hits;
}

function indexFacts(facts: readonly Fact[]): MiniSearch<Fact & { id: number }> {
  const index = new MiniSearch<Fact & { id: number }>({
    fields: ["text", "keys"],
    tokenize: (text) => tokenise(text).flatMap((term) => [term, ...conceptOf(term)]),
    processTerm: (term) => term,
    searchOptions: {
      boost: { keys: 1.5 },
      tokenize: (text) => text.split(" "),
      fuzzy: (term) => (term.length > 5 && !term.startsWith("~") ? 0.2 : false),
      boostTerm: (term) => (term.startsWith("~") ? CONCEPT_WEIGHT : 1),
    },
  });
  index.addAll(facts.map((fact, id) => ({ ...fact, id })));
  return index;
}

async function addMeaning(
  embedder: Embedder,
  facts: readonly Fact[],
  question: string,
  lexical: Scores,
  signal: AbortSignal,
): Promise<Scores> {
  if (facts.length === 0) return lexical;
  try {
    const vectors = await embedder.embed([question, ...facts.map(toEmbeddedText)], signal);
    const [asked, ...known] = vectors;
    if (asked === undefined) return lexical;
    const best = Math.max(...lexical.values(), 1e-9);
    const scores = known.map((vector, id) => {
      const cosine = dot(asked, vector);
      const words = (lexical.get(id) ?? 0) / best;
      return [id, words > 0 || cosine >= MIN_COSINE ? 0.5 * words + 0.5 * Math.max(cosine, 0) : 0] as const;
    });
    return new Map(scores.filter(([, score]) => score > 0));
  } catch {
    return lexical;
  }
}

/** The best fact, and the next one when it is about as good and stands beside it. */
function pick(facts: readonly Fact[], scores: Scores): readonly Fact[] {
  const ranked = [...scores].sort(([a, x], [b, y]) => y - x || a - b);
  const [first] = ranked;
  if (first === undefined) return [];
  const [bestId, bestScore] = first;
  const best = facts[bestId];
  if (best === undefined) return [];
  const others = ranked.slice(1, MAX_FACTS).flatMap(([id, score]) => {
    const fact = facts[id];
    return fact !== undefined && score >= 0.75 * bestScore && fact.paragraph === best.paragraph ? [fact] : [];
  });
  return [best, ...others];
}

function tokenise(text: string): string[] {
  return normalise(text)
    .split(/[\s.:+-]+/)
    .filter((word) => word !== "" && !STOP_WORDS.has(word) && !/^'?(?:s|re|ll|ve|m|d)$/.test(word))
    .map(stem);
}

/** Enough for plurals and the commonest endings. */
function stem(word: string): string {
  const bare = word.replace(/'s?$/, "");
  if (bare.length <= 3 || /ss$/.test(bare)) return bare;
  return bare
    .replace(/ies$/, "y")
    .replace(/(?<=[^aeiou]{1}|[aeiou]{1})s$/, "")
    .replace(/(?<=\w{4})ing$/, "")
    .replace(/(?<=\w{4})ed$/, "");
}

const CONCEPTS: ReadonlyMap<string, string> = new Map(
  SYNONYMS.flatMap((group, index) => group.map((word) => [stem(word), `~${index}`] as const)),
);

/** What a word and its synonyms have in common, as a term of its own. */
function conceptOf(term: string): readonly string[] {
  const concept = CONCEPTS.get(term);
  return concept === undefined ? [] : [concept];
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
