/** Whom the agent takes the far end for, and what it may do about it: nobody human is hung up on as a machine. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { Fact } from "../../conversation/event.ts";
import { introduce } from "../../conversation/far-end/introduce.ts";
import { countWords } from "../../conversation/words.ts";
import type { Duty } from "./duty.ts";
import { CHATTER, MACHINE_WORDS, SCREENER_WORDS } from "./far-end-stimuli.ts";
import { BrokenRule, type SpokenReply } from "./promises.ts";

/** What may be said to a machine: by order, or because the call ends. */
const TO_MACHINES = ["announcement", "goodbye"];
const LONG_GREETING_MS = 4_500;
/** Pauses that are part of a greeting. */
const LONGEST_GAPS_MS = 2_000;

export class FarEndWatch {
  readonly #introductions: SpokenReply[] = [];
  #machineWords = 0;
  #prompts = 0;
  #beeps = 0;
  #startedAtMs = 0;
  #spokenMs = 0;
  #messages = 0;

  heard(words: string): void {
    if (MACHINE_WORDS.includes(words)) this.#machineWords++;
    if (SCREENER_WORDS.includes(words)) this.#prompts++;
  }

  fact(fact: Fact): void {
    if (fact.type === "caller-speech-started") this.#startedAtMs = fact.firstSampleAtMs;
    if (fact.type === "caller-speech-ended") this.#spokenMs += fact.lastSampleAtMs - this.#startedAtMs;
  }

  tone(kind: string): void {
    if (kind === "beep") this.#beeps++;
  }

  noted({ who }: Effect & { type: "note-far-end" }, before: Conversation): void {
    if (who === before.farEnd?.who) throw new BrokenRule(6, `the far end is a ${who} twice`);
    if (who === "machine" && before.farEnd?.who !== "unknown") throw new BrokenRule(6, "a person became a machine");
    if (who === "machine" && before.rules.voicemail === undefined)
      throw new BrokenRule(6, "a machine, and nobody listened for one");
    if (who === "machine") this.#mustBeMachine();
    if (who === "screener" && this.#prompts === 0) throw new BrokenRule(6, "a screener that asked for nothing");
  }

  onReply(reply: SpokenReply, now: Conversation, nowMs: number): void {
    const { purpose, generated } = reply;
    const { rules, farEnd, history } = now;
    const said = generated.join(" ");
    if (farEnd?.who === "machine" && !TO_MACHINES.includes(purpose))
      throw new BrokenRule(6, `${reply.id}, a ${purpose}, talks to a machine`);
    if (said !== "" && said === rules.voicemail?.message && ++this.#messages > 1)
      throw new BrokenRule(6, "the message was left twice");
    if (rules.screening && said !== "" && said === introduce(rules.screening, rules.language))
      this.#introductions.push(reply);
    if (purpose !== "greeting" || nowMs >= rules.greetingDelayMs) return;
    const last = history.findLast(({ role }) => role === "caller");
    if (last?.role !== "caller" || countWords(last.text) > 3)
      throw new BrokenRule(6, `${reply.id} greets before it is time to`);
  }

  /** Nobody waits for an answer to what a machine says, or a screener that fetches somebody. */
  excuse({ farEnd, history, isOnHold }: Conversation, duty: Duty): void {
    if (farEnd?.who === "machine") duty.excuse();
    const last = history.findLast(({ role }) => role === "caller");
    const said = last?.role === "caller" ? last.text : "";
    if (farEnd?.isScreened && isOnHold && CHATTER.some((words) => said.endsWith(words))) duty.done();
  }

  check(now: Conversation, duty: Duty): void {
    const { phase } = now;
    this.excuse(now, duty);
    if (phase.name === "ended" && phase.reason === "voicemail") this.#mustBeMachine();
    const told = this.#introductions.filter(({ heard, generated }) => heard.length === generated.length).length;
    if (told > this.#prompts) throw new BrokenRule(6, "a screener was told what it hadn't asked");
  }

  #mustBeMachine(): void {
    const isLong = this.#spokenMs + LONGEST_GAPS_MS >= LONG_GREETING_MS;
    if (this.#machineWords === 0 && !(isLong && this.#beeps > 0))
      throw new BrokenRule(6, "somebody who never spoke like a machine is taken for one");
  }
}
