import { type Slot, toNoun } from "./slots.ts";
import { finish } from "./understand/parse-answer.ts";

/** What the receptionist asked and waits to hear. It is found again in the words that the caller heard. */
export type Question =
  | { readonly kind: "slot"; readonly key: string }
  | { readonly kind: "confirm-slot"; readonly key: string }
  | { readonly kind: "read-back" }
  | { readonly kind: "which-slot" }
  | { readonly kind: "offer-message" }
  | { readonly kind: "anything-else" };

export const READ_BACK_QUESTIONS = ["Is all of that right?", "Is everything right now?"] as const;
export const WHICH_SLOT_QUESTIONS = ["What should I change?"] as const;
export const OFFER_MESSAGE_QUESTIONS = ["Shall I take a message?", "May I take a message instead?"] as const;
export const ANYTHING_ELSE_QUESTIONS = [
  "Is there anything else?",
  "What else can I do for you?",
  "Can I help with anything else?",
] as const;
export const MESSAGE_NOTED = "I've written your message down.";

const HINTS: Readonly<Record<Slot["type"], string>> = {
  name: "You can spell it.",
  string: "A few words will do.",
  number: "Just the number, please.",
  boolean: "A yes or a no, please.",
  date: "A day such as next Tuesday, please.",
  time: "A time such as half past three, please.",
  email: "You can spell it out, with at and dot.",
  phone: "Digit by digit, please.",
  message: "Just say it, I'm listening.",
};

/** In the order in which they are used; the last one repeats. */
export function slotQuestions(slot: Slot): readonly string[] {
  if (slot.type === "message") return ["What is your message?", `I still need your message. ${HINTS.message}`];
  const noun = toNoun(slot);
  return [
    slot.question ?? firstQuestion(slot, noun),
    `Could you tell me ${noun}, please?`,
    `I still need ${noun}. ${HINTS[slot.type]}`,
  ];
}

function firstQuestion(slot: Slot, noun: string): string {
  switch (slot.type) {
    case "name":
      return `May I have ${noun}?`;
    case "boolean":
      return `About ${noun}: yes or no?`;
    case "date":
      return /^(?:day|date)$/.test(slot.label) ? "Which day would you like?" : `Which day is ${noun}?`;
    case "time":
      return slot.label === "time" ? "What time would you like?" : `What time is ${noun}?`;
    case "number":
      return /(?:s|people|children|persons)$/.test(slot.label) ? `How many ${slot.label}?` : `What is ${noun}?`;
    default:
      return `What is ${noun}?`;
  }
}

export function confirmQuestion(slot: Slot, spoken: string): string {
  return `${confirmOpening(slot)}${finish(spoken)} Is that right?`;
}

function confirmOpening(slot: Slot): string {
  return `I have ${toNoun(slot)} as `;
}

export function pickVariant(variants: readonly string[], turn: number): string {
  return variants[Math.min(turn, variants.length - 1)] ?? "";
}

export function rotate(variants: readonly string[], turn: number): string {
  return variants[turn % variants.length] ?? "";
}

/** A question counts as heard once most of it was. */
const HEARD_SHARE = 0.6;

/** The question that the caller heard last in these words of the agent. */
export function findQuestion(heard: string, slots: readonly Slot[], wasCutOff: boolean): Question | undefined {
  const candidates: { question: Question; phrases: readonly string[] }[] = [
    ...slots.map((slot) => ({ question: { kind: "slot" as const, key: slot.key }, phrases: slotQuestions(slot) })),
    { question: { kind: "read-back" }, phrases: READ_BACK_QUESTIONS },
    { question: { kind: "which-slot" }, phrases: WHICH_SLOT_QUESTIONS },
    { question: { kind: "offer-message" }, phrases: OFFER_MESSAGE_QUESTIONS },
    { question: { kind: "anything-else" }, phrases: ANYTHING_ELSE_QUESTIONS },
  ];
  const found = candidates.map(({ question, phrases }) => ({ question, at: lastHeard(heard, phrases, wasCutOff) }));
  const confirmed = slots.map((slot) => ({
    question: { kind: "confirm-slot" as const, key: slot.key },
    at: heard.lastIndexOf(confirmOpening(slot)),
  }));
  const last = [...found, ...confirmed].filter(({ at }) => at >= 0).sort((a, b) => b.at - a.at)[0];
  return last?.question;
}

function lastHeard(heard: string, phrases: readonly string[], wasCutOff: boolean): number {
  const positions = phrases.map((phrase) => {
    const whole = heard.lastIndexOf(phrase);
    if (whole >= 0 || !wasCutOff) return whole;
    const enough = phrase.slice(0, Math.ceil(phrase.length * HEARD_SHARE));
    return heard.lastIndexOf(enough);
  });
  return Math.max(...positions);
}
