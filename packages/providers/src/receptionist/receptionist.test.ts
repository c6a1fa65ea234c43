import { describeLanguageModel } from "@earshot/engine/testing/contracts/language-model-contract";
import { describe, expect, it } from "vitest";
import { receptionist } from "./receptionist.ts";
import { BOOKING, DENTIST, EMPTY, LIBRARY, RESTAURANT, type TestAgent } from "./testing/agents.ts";
import { type Cue, play } from "./testing/play.ts";

describeLanguageModel("The receptionist", () => ({
  model: receptionist(),
  requestWithToolCall: { ...RESTAURANT, messages: [{ role: "caller", text: "I want to talk to a human." }] },
}));

const PLAYS: readonly (readonly [string, TestAgent, readonly Cue[]])[] = [
  [
    "questions",
    DENTIST,
    [
      { instruction: "Greet the caller." },
      "Hi, when are you open?",
      "And on Saturdays?",
      "Where are you located?",
      "How much is a cleaning?",
      "Can I park there?",
      "What about whitening?",
      "Do you take my insurance?",
      "Does anybody speak Spanish?",
      "Thanks!",
      "Do you sell bicycles?",
      "No.",
      "Okay, bye.",
    ],
  ],
  [
    "look-up",
    LIBRARY,
    [
      "When are you open?",
      "How much is a crown?",
      {
        result: JSON.stringify({
          passages: [
            {
              document: "Prices",
              chunkId: "c-1",
              heading: "Prices",
              text: "You can pay later.\nA crown costs 900 dollars.",
            },
            { document: "House", chunkId: "c-2", text: "The waiting room is on the first floor." },
          ],
        }),
      },
      "Do you sell bicycles?",
      { result: '{"passages":[],"note":"Nothing was found."}' },
    ],
  ],
  [
    "honesty",
    DENTIST,
    ["Hello?", "Am I talking to a robot?", "Who is this?", "What can you do?", "How are you?", "What's your name?"],
  ],
  [
    "booking",
    BOOKING,
    [
      "Hello, I'd like to book an appointment.",
      "Um, my name is jane doe.",
      "Is parking free?",
      "Next Tuesday, please.",
      "At half past three.",
      "It's j a n e dot doe at example dot com.",
      "Yes.",
      "No, it's Wednesday.",
      "Yes, that's right.",
      "No, that's all. Thank you.",
    ],
  ],
  [
    "corrections",
    BOOKING,
    [
      "I need an appointment for Monday.",
      "It's Bob Stone.",
      "No, it's Rob Stone.",
      "Ten in the morning.",
      "Actually, make it eleven thirty.",
      "I don't have one.",
      "No.",
      "The day.",
      "March the third.",
      "Correct.",
      "No thanks.",
    ],
  ],
  [
    "nonsense",
    BOOKING,
    [
      "uh",
      "",
      "The weather is nice and I went fishing yesterday with my uncle.",
      "Jane.",
      "blue",
      "purple",
      "green",
      "At four.",
      "skip",
      "yes",
      "bye",
    ],
  ],
  [
    "tool",
    RESTAURANT,
    [
      "I'd like to book a table for tonight.",
      "Lina Rossi.",
      "There will be four of us.",
      "Seven thirty p.m.",
      { result: '{"table": 7, "time": "19:30", "reservation_id": "r_123"}' },
      "Yes.",
      "No thank you, goodbye.",
    ],
  ],
  [
    "tool-failure",
    RESTAURANT,
    [
      "Can I talk to a human?",
      "Are you there?",
      { result: "HTTP 500", outcome: "failed" },
      "Never mind.",
      "Book a table.",
      "Never mind.",
      "When do you serve lunch?",
    ],
  ],
  [
    "message",
    DENTIST,
    [
      "Can Dr. Lee prescribe me new glasses?",
      "Yes please.",
      "This is Tom.",
      "five five five, oh one two three",
      "Yes.",
      "Please ask him to call me back about my glasses.",
      "No, that's it.",
    ],
  ],
  [
    "interrupted",
    DENTIST,
    [
      "Where are you?",
      { cutOffAfter: "Our address is 12" },
      "mm-hm",
      { cutOffAfter: "next to the" },
      "Sorry, what was that?",
      "Can you repeat that?",
      { cutOffAfter: "next" },
      "When are you open?",
    ],
  ],
  [
    "orders",
    BOOKING,
    [
      { instruction: "The caller has been silent for ten seconds." },
      "I'm here.",
      { instruction: "The caller has been silent for ten seconds." },
      { instruction: 'Say: "One moment, I am back in a minute."' },
      { instruction: "The caller has been silent for too long. Say goodbye and hang up." },
    ],
  ],
  [
    "empty-prompt",
    EMPTY,
    [{ instruction: "Greet the caller." }, "When are you open?", "No.", "What can you do?", "Bye."],
  ],
];

it("answers the caller although a note came after the question", async () => {
  const messages = [
    { role: "caller", text: "When are you open?" },
    { role: "instruction", text: "The caller is a member of the club." },
  ] as const;
  let told = "";
  for await (const part of receptionist().reply({ ...DENTIST, messages }, new AbortController().signal))
    if (part.type === "text") told += part.text;
  expect(told).toMatch(/eight|nine/);
});

describe("plays", () => {
  it.each(PLAYS)("%s goes as written in plays/", async (title, agent, cues) => {
    await expect(await play(receptionist(), agent, cues)).toMatchFileSnapshot(`plays/${title}.txt`);
  });
});
