/** Orders from outside the call: say this, know this, be silent. */

import type { Conversation } from "./conversation.ts";
import type { Fact } from "./event.ts";
import { overruleReply } from "./replying.ts";
import { ANNOUNCED_CHARACTER_MS, CLOSING_LIMIT_MS } from "./rules.ts";
import { andThen, type Step, stay } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { joinWords } from "./words.ts";

/** Announcements are said one after the other, and a goodbye is said to its end; any other reply gives way at once. */
export function sayRequested(now: Conversation, fact: Fact & { type: "say-requested" }): Step {
  const text = fact.text.trim();
  if (fact.endAfter) return closeAfter(announce(now, text));
  if (text === "") return stay(now);
  return announce(now, text);
}

/** The language model sees the note from its next reply on. */
export function contextInjected(now: Conversation, fact: Fact & { type: "context-injected" }, atMs: number): Step {
  const text = fact.content.trim();
  if (text === "") return stay(now);
  return stay({
    ...now,
    history: [...now.history, { role: "instruction", text, atMs }],
    owed: { ...now.owed, answer: now.owed.answer || fact.shouldReply },
  });
}

export function agentMuted(now: Conversation): Step {
  if (now.isMuted) return stay(now);
  const muted: Conversation = { ...now, isMuted: true, owed: { ...now.owed, announcement: "" } };
  return andThen(clearTimer(muted, "silence"), overruleReply);
}

export function agentUnmuted(now: Conversation): Step {
  return stay({ ...now, isMuted: false });
}

function announce(now: Conversation, text: string): Step {
  const next: Conversation = {
    ...now,
    owed: { ...now.owed, announcement: joinWords(now.owed.announcement, text) },
  };
  if (mustBeFinished(next)) return stay(next);
  return overruleReply(next);
}

/** Ends the call once all announcements have been heard; nothing but time or a closed leg is faster. */
function closeAfter(announced: Step): Step {
  return andThen(announced, (now) => {
    const closing: Conversation = { ...now, phase: { name: "closing", reason: "api-request" } };
    const running = now.agent.state === "idle" ? "" : (now.agent.reply.say ?? "");
    const characters = running.length + now.owed.announcement.length;
    return andThen(clearTimer(closing, "silence"), (quiet) =>
      setTimer(quiet, "closing", CLOSING_LIMIT_MS + characters * ANNOUNCED_CHARACTER_MS),
    );
  });
}

function mustBeFinished({ agent, phase }: Conversation): boolean {
  return phase.name === "closing" || (agent.state !== "idle" && agent.reply.purpose === "announcement");
}
