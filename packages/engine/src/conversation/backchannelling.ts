/** "Uh-huh": the agent shows during a longer turn that it follows, in a pause and never over words. */

import type { Conversation } from "./conversation.ts";
import { type Step, stay, step } from "./step.ts";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";

/** A pause in which the turn is more likely to go on than not. */
const GOES_ON = 0.5;

/** Words have come, and the caller has paused without having finished. */
export function backchannel(now: Conversation, atMs: number): Step {
  const { rules, caller, agent } = now;
  if (now.farEnd?.who === "machine") return stay(now);
  if (!rules.backchannel.isEnabled || now.phase.name !== "open" || now.isMuted) return stay(now);
  if (caller.state === "talking" || agent.state !== "idle" || now.leg === "lost") return stay(now);
  if (caller.judgement === undefined || caller.judgement.finished >= GOES_ON) return stay(now);
  const sinceMs = atMs - Math.max(caller.turnStartedAtMs, caller.backchannelAtMs);
  if (sinceMs < rules.backchannel.everyMs) return stay(now);
  const { continuers } = findVocabulary(rules.language);
  const text = continuers[Math.floor(atMs / 1000) % continuers.length] ?? "Mm-hmm.";
  return step({ ...now, caller: { ...caller, backchannelAtMs: atMs } }, { type: "say-backchannel", text });
}
