import { describe, expect, it } from "vitest";
import type { Samples } from "../audio/frame.ts";
import type { Rules } from "../conversation/rules.ts";
import { replayJournal } from "../journal/replay.ts";
import { makeScriptedCall } from "../testing/scripted-call.ts";
import type { ScriptedWords } from "../testing/scripted-models.ts";

const HELLO = "Good morning, this is Bloom Dental.";
const MESSAGE = "Please call us back about Tuesday.";
const TAPE = "Hi, this is Tom. I can't come to the phone right now, please leave a message after the beep.";

function phone(texts: readonly ScriptedWords[], rules: Partial<Rules> = {}) {
  const call = makeScriptedCall({
    texts,
    replies: ["All right."],
    rules: {
      greeting: { mode: "static", text: HELLO },
      greetingDelayMs: 2_000,
      screening: {},
      voicemail: { message: MESSAGE },
      ...rules,
    },
  });
  /** Below what the scripted voice activity takes for speech. */
  const beep = async (thenWaitMs: number) => {
    call.leg.say(pure(1_000, 500));
    await call.clock.advance(500 + thenWaitMs);
  };
  const ordered = (type: string) => call.journal.entries.filter(({ effects }) => effects.some((e) => e.type === type));
  return { ...call, beep, ordered };
}

describe("an answering machine", () => {
  it("gets the message after its beep, and the agent hangs up", async () => {
    const call = phone([TAPE]);
    await call.say(6_000, 1_000);
    await call.beep(8_000);
    expect(await call.session.done).toBe("voicemail");
    expect(call.spoken()).toEqual([`caller: ${TAPE}`, `agent: ${MESSAGE}`]);
    const [noted] = call.ordered("note-far-end");
    expect(noted?.effects).toContainEqual(expect.objectContaining({ who: "machine", confidence: 0.95 }));
    expect(call.languageModel.requests).toEqual([]);
    expect(replayJournal(call.journal.entries).outcome).toBe("identical");
  });

  it("gets it after a while of silence when no beep comes", async () => {
    const call = phone([TAPE]);
    await call.say(6_000, 10_000);
    expect(await call.session.done).toBe("voicemail");
    const started = call.journal.entries.find(({ event }) => event.type === "reply-audio-started");
    expect(started?.atMs).toBeGreaterThan(8_500);
    expect(started?.atMs).toBeLessThan(9_500);
  });

  it("is hung up on where there is no message", async () => {
    const call = phone([TAPE], { voicemail: {} });
    await call.say(6_000, 2_000);
    expect(await call.session.done).toBe("voicemail");
    expect(call.spoken()).toEqual([`caller: ${TAPE}`]);
  });

  it("stops a greeting that has begun", async () => {
    const call = phone([TAPE], {
      greeting: { mode: "static", text: `${HELLO} ${HELLO} ${HELLO}` },
      greetingDelayMs: 0,
      bargeIn: NO_INTERRUPTIONS,
    });
    await call.clock.advance(600);
    await call.say(500, 12_000);
    expect(call.spoken()[0]?.length).toBeLessThan(2 * HELLO.length);
    expect(call.spoken().at(-1)).toBe(`agent: ${MESSAGE}`);
  });

  it("is known by a long greeting and a beep, whatever it said", async () => {
    const call = phone(["Willkommen bei der Bäckerei Müller, wir sind im Urlaub, bis nächste Woche."]);
    await call.say(5_500, 600);
    await call.beep(8_000);
    expect(await call.session.done).toBe("voicemail");
    expect(call.spoken().at(-1)).toBe(`agent: ${MESSAGE}`);
  });

  it("is waited for in the middle of its greeting", async () => {
    const call = phone(["Hi, I can't come to the phone right now.", "Leave me a message."]);
    await call.say(2_000, 1_500);
    await call.say(1_200, 900);
    await call.beep(8_000);
    expect(call.spoken().filter((line) => line.startsWith("agent"))).toEqual([`agent: ${MESSAGE}`]);
  });

  it("doesn't stop the message with its own voice", async () => {
    const call = phone([TAPE, { final: "Leave a message.", soFar: "Leave a message" }]);
    await call.say(6_000, 1_000);
    await call.beep(600);
    await call.say(900, 8_000);
    expect(call.spoken().at(1)).toBe(`agent: ${MESSAGE}`);
    expect(await call.session.done).toBe("voicemail");
  });

  it("is told once, whatever its tape says afterwards", async () => {
    const call = phone([TAPE, "To send your message press one."]);
    await call.say(6_000, 1_000);
    await call.beep(1_700);
    await call.say(900, 8_000);
    expect(await call.session.done).toBe("voicemail");
    expect(call.textToSpeech.spoken.filter(({ text }) => text === MESSAGE)).toHaveLength(1);
  });
});

describe("a person", () => {
  it.each([
    ["Hello?"],
    ["Good morning, Miller's bakery, Ann speaking, how can I help you?"],
    ["He can't come to the phone right now. Can I take a message?"],
    ["Sorry, she is not available. Would you like to leave a message?"],
    ["This is a terribly long way of saying who I am and what I do all day and what I think of it"],
  ])('"%s" is spoken to and never hung up on', async (words) => {
    const call = phone([words]);
    await call.say(words.length * 60, 9_000);
    expect(call.session.conversation.phase.name).toBe("open");
    expect(call.spoken().at(-1)).toMatch(/^agent: (?:Good morning|All right)/);
    expect(call.spoken()).not.toContain(`agent: ${MESSAGE}`);
  });

  it("who picks up while the machine talks is greeted", async () => {
    const call = phone([TAPE, "Hello? I'm here."]);
    await call.say(5_000, 500);
    await call.say(700, 6_000);
    expect(call.spoken().slice(1)).toEqual(["caller: Hello? I'm here.", `agent: ${HELLO}`]);
    expect(call.session.conversation.phase.name).toBe("open");
  });

  it("who speaks up during the message is answered", async () => {
    const call = phone([TAPE, { final: "Wait, it's me, Tom.", soFar: "Wait it's me" }]);
    await call.say(6_000, 1_000);
    await call.beep(700);
    await call.say(1_200, 6_000);
    expect(call.spoken().at(-2)).toBe("caller: Wait, it's me, Tom.");
    expect(call.spoken().at(-1)).toBe("agent: All right.");
    expect(call.session.conversation.phase.name).toBe("open");
    expect(replayJournal(call.journal.entries).outcome).toBe("identical");
  });

  it("who has answered the agent may say what machines say", async () => {
    const call = phone(["Hello?", "Please leave a message after the beep, he is not available."]);
    await call.say(400, 5_000);
    await call.say(2_000, 6_000);
    expect(call.spoken().at(-1)).toBe("agent: All right.");
    expect(call.ordered("note-far-end")).toEqual([]);
  });
});

const NO_INTERRUPTIONS = {
  isEnabled: false,
  minSpeechMs: 300,
  minWords: 0,
  maxUndecidedMs: 500,
  falseInterruptionMs: 1_500,
};

function pure(frequencyHz: number, ms: number): Samples {
  return Int16Array.from({ length: ms * 16 }, (_, n) => 450 * Math.sin((2 * Math.PI * frequencyHz * n) / 16_000));
}
