/** Random calls through the real session under virtual time: whatever happens, the promises of the architecture hold. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import { replayJournal } from "../journal/replay.ts";
import { ProviderError } from "../models/provider-error.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { MemoryJournal } from "../testing/memory-journal.ts";
import { toPlayScript } from "../testing/play-script.ts";
import { ScriptedCaller } from "../testing/scripted-caller.ts";
import {
  ScriptedLanguageModel,
  type ScriptedReply,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivity,
  tone,
} from "../testing/scripted-models.ts";
import { Session } from "./session.ts";

const broken = new ProviderError({ provider: "p", stage: "language-model", kind: "overloaded", message: "busy" });
const deaf = new ProviderError({ provider: "p", stage: "speech-to-text", kind: "internal", message: "gone" });
const call = (id: string, name: string) => ({ type: "tool-call" as const, call: { id, name, arguments: "{}" } });

const anyReply: fc.Arbitrary<ScriptedReply> = fc.constantFrom<ScriptedReply[]>(
  "Fine.",
  "We open at nine. We close at six. On Sunday we are closed all day.",
  "",
  [{ type: "silence" }],
  [broken],
  [{ type: "text", text: "One moment." }, call("a", "book")],
  [call("a", "book"), call("b", "book")],
  [{ type: "text", text: "Well then. Goodbye." }, call("c", "end_call")],
  [{ type: "text", text: "It begins well. " }, broken],
);

const anyAct = fc.oneof(
  fc.record({ do: fc.constant("speak" as const), ms: fc.constantFrom(100, 300, 900, 2_000) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(100, 400, 1_500, 6_000, 12_000) }),
  fc.record({ do: fc.constantFrom("press" as const, "lose" as const, "return" as const, "hang-up" as const) }),
  fc.record({ do: fc.constant("say" as const), endAfter: fc.constantFrom(false, false, true) }),
  fc.record({ do: fc.constant("inject" as const), shouldReply: fc.boolean() }),
  fc.record({ do: fc.constantFrom("mute" as const, "unmute" as const) }),
);

it("tells a whole story of every call, which replays to the letter", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAct, { maxLength: 12 }),
      fc.array(anyReply, { minLength: 1, maxLength: 6 }),
      fc.array(fc.constantFrom<(string | ProviderError)[]>("What are your hours?", "", "mm-hmm", "and", deaf), {
        maxLength: 8,
      }),
      fc.boolean(),
      async (acts, replies, texts, reportPlayback) => {
        const clock = new FakeClock();
        const leg = new ScriptedCaller(clock, { reportPlayback, leadMs: reportPlayback ? 120 : 0 });
        const journal = new MemoryJournal();
        const runs: string[] = [];
        const bugs: unknown[] = [];
        const session = new Session({
          plan: {
            rules: { ...DEFAULT_RULES, greeting: { mode: "static", text: "Hello there." } },
            scenes: { main: { system: "", tools: [], variables: [], voiceId: "scripted:tone", speed: 1 } },
            language: "en-US",
            keyterms: [],
            partialEveryMs: 500,
          },
          models: {
            voiceActivity: new ScriptedVoiceActivity(),
            speechToText: new ScriptedSpeechToText({ texts, clock }),
            languageModel: new ScriptedLanguageModel({ replies, clock, wordMs: 10 }),
            textToSpeech: new ScriptedTextToSpeech({ clock }),
          },
          leg,
          clock,
          journal,
          tools: {
            run: ({ toolCallId }) => {
              runs.push(toolCallId);
              return new Promise((resolve) => clock.after(700, () => resolve({ outcome: "succeeded", result: "ok" })));
            },
          },
          onBug: (error) => bugs.push(error),
        });
        session.start();
        let isAway = false;
        for (const act of acts) {
          if (act.do === "speak") {
            leg.say(tone(act.ms));
            await clock.advance(act.ms + 50);
          } else if (act.do === "wait") await clock.advance(act.ms);
          else if (act.do === "press") leg.press("1");
          else if (act.do === "hang-up") leg.hangUp();
          else if (act.do === "say") session.say("A word from the house.", act);
          else if (act.do === "inject") session.injectContext("The caller has paid.", act);
          else if (act.do === "mute" || act.do === "unmute") session.setMuted(act.do === "mute");
          else if (act.do === "lose" && !isAway) {
            isAway = true;
            leg.loseConnection();
          } else if (act.do === "return" && isAway) {
            isAway = false;
            leg.reconnect();
          }
        }
        if (isAway) leg.reconnect();
        session.setMuted(false);
        await clock.advance(240_000);
        const script = toPlayScript(journal.entries);
        expect(bugs, script).toEqual([]);
        expect(journal.entries.at(-1)?.event.type, script).toBe("call-ended");
        expect(journal.entries.map(({ seq }) => seq)).toEqual(journal.entries.map((_, index) => index + 1));
        const times = journal.entries.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(replayJournal(journal.entries).outcome, script).toBe("identical");
        expect(new Set(runs).size, script).toBe(runs.length);
        const results = session.conversation.history.filter((said) => said.role === "tool" && said.name === "book");
        expect(results.length, script).toBe(runs.length);
        expect(leg.closedWith ?? "caller-hung-up", script).not.toBe("internal");
      },
    ),
    { numRuns: 60 },
  );
});
