import { describe, expect, it } from "vitest";
import { DEFAULT_RULES } from "../rules.ts";
import { findVocabulary } from "../vocabulary/find-vocabulary.ts";
import { judgeTurn } from "./judge-turn.ts";
import { learnPause } from "./silence.ts";
import type { Evidence } from "./strategy.ts";

const rules = DEFAULT_RULES.endOfTurn;

function judge(text: string, more: Partial<Evidence> & { language?: string } = {}) {
  const { language = "en-US", ...evidence } = more;
  return judgeTurn({ text, asked: "", vocabulary: findVocabulary(language), ...evidence }, [], rules);
}

describe("the agent answers after the shortest silence", () => {
  it.each([
    ["I'd like to book a table.", ""],
    ["What are your hours?", ""],
    ["Yes.", "Is Tuesday fine?"],
    ["No", "Anything else?"],
    ["That's all, thank you", ""],
    ["My number is 555 123 4567.", "What is your phone number?"],
    ["five five five one two three four five six seven", "What is your phone number?"],
    ["anna at example dot com", "What is your e-mail address?"],
    ["It's anna.smith@example.com.", "What is your e-mail address?"],
    ["It's palm is not. Baker had. Post.net", "What is your e-mail address?"],
    ["My name is Baker. B. A. K. E. R.", "Could you spell your last name?"],
    ["I don't have one.", "What is the order number?"],
    ["Tomorrow.", "Which date would you like?"],
    ["What are you waiting for?", ""],
    ["I think so.", "Is that right?"],
    ["March 3rd.", "When would you like to come?"],
    ["Me too.", ""],
    ["Can I come in on Friday?", ""],
    ["Yes, it is.", "Is that right?"],
    ["Maybe", "Is Tuesday fine?"],
  ])("%s (asked: %s)", (text, asked) => {
    expect(judge(text, { asked })).toMatchObject({ waitMs: rules.minMs });
  });
});

describe("the caller keeps the floor", () => {
  it.each([
    ["I'd like to book a", ""],
    ["I'd like to book a.", ""],
    ["My name is, um", ""],
    ["Well,", ""],
    ["I was thinking maybe Friday or", ""],
    ["555", "What is your phone number?"],
    ["555 123.", "What is your phone number?"],
    ["five five five", "Could I have your phone number?"],
    ["My number is five five five.", ""],
    ["anna at", "And your e-mail address?"],
    ["It's anna dot smith", "And your e-mail address?"],
    ["anna at example dot", "And your e-mail address?"],
    ["S M I", "How do you spell that?"],
    ["12.", "What is your address?"],
    ["In March.", "Which date would you like?"],
    ["It's.", "What is the number, please?"],
    ["It happened because.", "How can I help you?"],
    ["The order number is.", "What is the number, please?"],
    ["Eight six four.", "What is the number, please?"],
    ["My name is Baker.", "Could you spell your last name?"],
    ["My name is Baker. B. A. Kay.", "Could you spell your last name?"],
    ["I live at sixty-seven.", "What is your address?"],
    ["It's 4541.", "What is the number, please?"],
    ["The order in numbers.", "What is the number, please?"],
    ["On the thirty-first tub.", "Which date would you like?"],
    ["Can you tell me whether?", "How can I help you?"],
  ])("%s (asked: %s)", (text, asked) => {
    expect(judge(text, { asked }).waitMs).toBeGreaterThanOrEqual(1_000);
  });

  it.each([
    ["On the third of March.", "Which date?"],
    ["I live at 12 Garden Lane.", "What is your address?"],
    ["My problem is that.", "How can I help you?"],
  ])("for a moment, where more may come: %s (asked: %s)", (text, asked) => {
    expect(judge(text, { asked }).waitMs).toBeGreaterThan(rules.minMs + 100);
    expect(judge(text, { asked }).waitMs).toBeLessThan(1_000);
  });

  it.each([
    ["de", "Ich hätte gern einen Tisch für"],
    ["fr", "Je voudrais réserver une"],
    ["es", "Quiero reservar una mesa para"],
    ["it", "Vorrei prenotare un"],
    ["pt-BR", "Eu queria marcar uma"],
    ["nl", "Ik wil graag een"],
  ])("in %s: %s", (language, text) => {
    expect(judge(text, { language }).waitMs).toBe(rules.maxMs);
  });
});

it("believes no falling voice, and no full stop, behind a piece of what is dictated", () => {
  const falling = { slope: -14, finalPitch: -4, energyFallDb: 12, finalLengthening: 1 };
  expect(judge("It's 4541.", { asked: "What is the number?", prosody: falling }).waitMs).toBeGreaterThan(800);
});

describe("a dictation of unknown length", () => {
  const spelled = { text: "My name is Baker. B. A.", asked: "Could you spell your last name?" };

  it("is over when its pauses so far would have brought the next piece", () => {
    const { waitMs } = judge(spelled.text, { ...spelled, turnPauses: [400, 450] });
    expect(waitMs).toBeGreaterThan(450);
    expect(waitMs).toBeLessThan(judge(spelled.text, { ...spelled, turnPauses: [450] }).waitMs);
  });

  it("is not over in the middle of a sentence", () => {
    const text = `${spelled.text} And the`;
    expect(judge(text, { asked: spelled.asked, turnPauses: [400, 450] }).waitMs).toBe(rules.maxMs);
  });
});

it("says what it waits for", () => {
  expect(judge("I'd like a").why).toBe('"a" at the end');
  expect(judge("555 12", { asked: "What is your phone number?" }).why).toBe("a number goes on");
});

it("believes a voice that falls, and doubts one that stays up", () => {
  const falling = { slope: -14, finalPitch: -4, energyFallDb: 12, finalLengthening: 1 };
  const level = { slope: 1, finalPitch: 2, energyFallDb: 1, finalLengthening: 2.4 };
  const text = "I want to book a flight";
  expect(judge(text, { prosody: falling }).finished).toBeGreaterThan(judge(text).finished);
  expect(judge(text, { prosody: level }).finished).toBeLessThan(judge(text).finished);
});

it("believes a recogniser that listens for the end more than the words", () => {
  expect(judge("I'd like a", { recogniser: 0.98 }).waitMs).toBe(rules.minMs);
  expect(judge("That's all.", { recogniser: 0.02 }).waitMs).toBeGreaterThan(1_300);
});

it("learns how long this caller pauses, and forgets it again", () => {
  const finished = { text: "So I went there.", asked: "", vocabulary: findVocabulary("en") };
  let pauses: readonly number[] = [];
  for (const pauseMs of [900, 800, 4_000]) pauses = learnPause(pauses, pauseMs);
  expect(judgeTurn(finished, pauses, rules).waitMs).toBeGreaterThan(900);
  for (let count = 0; count < 5; count++) pauses = learnPause(pauses, 300);
  expect(judgeTurn(finished, pauses, rules).waitMs).toBe(rules.minMs);
});

it("waits longer where the agent is patient, and less where it is eager", () => {
  const text = "I went to the shop and bought the thing";
  const waits = (["patient", "balanced", "eager"] as const).map(
    (eagerness) => judgeTurn({ text, asked: "", vocabulary: findVocabulary("en") }, [], { ...rules, eagerness }).waitMs,
  );
  expect(waits).toEqual(waits.toSorted((a, b) => b - a));
  expect(waits[0]).toBeGreaterThan(waits[2] ?? 0);
});

it("looks at nothing but silence where no strategy is chosen", () => {
  const evidence = { text: "I'd like a", asked: "", vocabulary: findVocabulary("en") };
  expect(judgeTurn(evidence, [900], { ...rules, strategies: [] }).waitMs).toBe(rules.minMs);
});
