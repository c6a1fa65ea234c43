import type { ReplyRequest } from "@earshot/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slotQuestions } from "./questions.ts";
import { receptionist } from "./receptionist.ts";
import { variableSlots } from "./slots.ts";
import { BOOKING, DENTIST, EMPTY, RESTAURANT } from "./testing/agents.ts";
import { ask } from "./testing/play.ts";

type Message = ReplyRequest["messages"][number];

/** Asking a fourth time is pestering. */
const MAX_ASKS = 3;
const model = receptionist();
const agents = fc.constantFrom(BOOKING, DENTIST, EMPTY, RESTAURANT);

const words = fc.oneof(
  { arbitrary: fc.constantFrom(...SAYINGS()), weight: 4 },
  { arbitrary: fc.string({ maxLength: 60 }), weight: 1 },
  { arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }), weight: 1 },
);

const message: fc.Arbitrary<Message> = fc.oneof(
  { arbitrary: fc.record({ role: fc.constant("caller" as const), text: words }), weight: 4 },
  { arbitrary: fc.record({ role: fc.constant("agent" as const), text: words }), weight: 2 },
  fc.record({ role: fc.constant("agent" as const), text: words, wasCutOff: fc.constant(true as const) }),
  fc.record({ role: fc.constant("instruction" as const), text: words }),
  fc.record({
    role: fc.constant("agent" as const),
    text: words,
    toolCalls: fc.constant([{ id: "call_1", name: "book_table", arguments: "{" }]),
  }),
  fc.record({
    role: fc.constant("tool" as const),
    toolCallId: fc.constantFrom("call_1", "call_2"),
    name: fc.constantFrom("book_table", "constructor"),
    outcome: fc.constantFrom("succeeded" as const, "failed" as const),
    result: fc.oneof(words, fc.json()),
  }),
);

describe("whatever was said before", () => {
  it("answers the caller, without an error, the same each time, in plain sentences", async () => {
    await fc.assert(
      fc.asyncProperty(agents, fc.array(message, { maxLength: 14 }), words, async (agent, before, text) => {
        const request = { ...agent, messages: [...before, { role: "caller" as const, text }] };
        const reply = await ask(model, request);
        expect(reply.text.length + reply.calls.length).toBeGreaterThan(0);
        expect(await ask(model, request)).toEqual(reply);
      }),
      { numRuns: 400 },
    );
  });

  it("takes any last message and any prompt without an error", async () => {
    const prompt = fc.oneof(
      words,
      fc.array(words, { maxLength: 12 }).map((lines) => lines.join("\n- # ")),
    );
    await fc.assert(
      fc.asyncProperty(agents, prompt, fc.array(message, { maxLength: 8 }), async (agent, system, messages) => {
        await ask(model, { ...agent, system, messages });
      }),
      { numRuns: 300 },
    );
  });

  it("calls only tools that are there, with JSON that has all that they require", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 14 }), words, async (before, text) => {
        const { calls } = await ask(model, { ...RESTAURANT, messages: [...before, { role: "caller", text }] });
        for (const call of calls) {
          const tool = RESTAURANT.tools.find(({ name }) => name === call.name);
          const required = (tool?.parameters["required"] ?? []) as string[];
          expect(tool).toBeDefined();
          expect(Object.keys(JSON.parse(call.arguments) as object)).toEqual(expect.arrayContaining(required));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("in a call with a difficult caller", () => {
  it(`asks for each variable ${MAX_ASKS} times at most, however long it lasts`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(BOOKING, RESTAURANT),
        fc.array(words, { maxLength: 25 }),
        async (agent, turns) => {
          const messages: Message[] = [];
          for (const text of turns.filter((turn) => !/again|repeat|what\?/i.test(turn))) {
            messages.push({ role: "caller", text });
            const reply = await ask(model, { ...agent, messages });
            messages.push({
              role: "agent",
              text: reply.text,
              ...(reply.calls.length > 0 ? { toolCalls: reply.calls } : {}),
            });
          }
          const spoken = messages.flatMap((said) => (said.role === "agent" ? [said.text] : []));
          for (const slot of variableSlots({ ...agent, messages })) {
            const asked = spoken.filter((text) => slotQuestions(slot).some((question) => text.includes(question)));
            expect(asked.length, `${slot.label}: ${asked.join(" | ")}`).toBeLessThanOrEqual(MAX_ASKS);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("in a call with a helpful caller", () => {
  it("has every variable after one answer each, in whatever words they come", async () => {
    const lead = fc.constantFrom("", "Um, ", "It's ", "Yeah, it's ", "Well, ");
    const answers = fc.record({
      name: fc.constantFrom("Jane Doe", "my name is Tom", "j a n e"),
      day: fc.constantFrom("Tuesday", "next friday", "March the third", "tomorrow", "the 24th of May"),
      time: fc.constantFrom("at three thirty", "nine in the morning", "half past ten", "4 pm"),
    });
    await fc.assert(
      fc.asyncProperty(lead, answers, async (start, { name, day, time }) => {
        const messages: Message[] = [];
        for (const text of ["I'd like an appointment.", name, start + day, start + time, "skip", "yes", "no"]) {
          messages.push({ role: "caller", text });
          const reply = await ask(model, { ...BOOKING, messages });
          messages.push({ role: "agent", text: reply.text, toolCalls: reply.calls });
        }
        const last = messages.at(-1);
        expect(last?.role === "agent" && last.toolCalls?.[0]?.name).toBe("end_call");
      }),
    );
  });
});

function SAYINGS(): string[] {
  return [
    "yes",
    "no",
    "uh",
    "",
    "hello",
    "bye",
    "thanks",
    "what?",
    "skip",
    "never mind",
    "are you a robot?",
    "book a table",
    "talk to a human",
    "leave a message",
    "my name is Jane",
    "Tuesday",
    "half past three",
    "jane at example dot com",
    "five five five one two three four",
    "four people",
    "no, it's Wednesday",
    "the name is Bob",
    "when are you open?",
    "mm-hm",
    "I don't have one",
    "can you repeat that",
    "constructor",
    "__proto__",
    "toString",
    "one two three",
  ];
}
