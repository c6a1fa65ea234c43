import type { Conversation } from "./conversation.ts";
import type { Effect } from "./effect.ts";

/** One move of the rules: what is known now, and the orders that follow. */
export type Step = { readonly now: Conversation; readonly effects: readonly Effect[] };

/** Nothing changes: the fact is stale, repeated or of no consequence. */
export function stay(now: Conversation): Step {
  return { now, effects: [] };
}

export function step(now: Conversation, ...effects: readonly Effect[]): Step {
  return { now, effects };
}

/** Goes on from where `first` left off; effects keep their order. */
export function andThen(first: Step, next: (now: Conversation) => Step): Step {
  const second = next(first.now);
  if (first.effects.length === 0) return second;
  if (second.effects.length === 0) return { now: second.now, effects: first.effects };
  return { now: second.now, effects: [...first.effects, ...second.effects] };
}
