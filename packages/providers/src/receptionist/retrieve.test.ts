import type { Embedder } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { readKnowledge } from "./knowledge.ts";
import { makeRetriever } from "./retrieve.ts";
import { DENTIST } from "./testing/agents.ts";

const { facts } = readKnowledge(DENTIST.system);
const signal = new AbortController().signal;

/** "Meaning" is whether a sentence is about the car. */
function embedder(embed: Embedder["embed"]): Embedder {
  return { name: "test", dimensions: 2, embed };
}
const aboutCars = embedder(async (texts) =>
  texts.map((text) => (/parking|vehicle/i.test(text) ? new Float32Array([1, 0]) : new Float32Array([0, 1]))),
);

async function find(question: string, by?: Embedder): Promise<string | undefined> {
  const [fact] = await makeRetriever(by).retrieve(facts, question, signal);
  return fact?.text;
}

describe("retrieval by words", () => {
  it.each([
    ["What are your hours?", /^We are open/],
    ["When do you close?", /^We are open/],
    ["Are you open on Saturday?", /^On Saturdays/],
    ["What's the address?", /Harbour Street/],
    ["What does a cleaning cost?", /^A cleaning costs/],
    ["How long does a cleaning take?", /forty minutes/],
    ["Which insurances do you accept?", /insurances/],
    ["What should I do in an emergency?", /^For emergencies/],
  ])("answers %s", async (question, answer) => {
    expect(await find(question)).toMatch(answer);
  });

  it.each(["Do you sell bicycles?", "Who won the match yesterday?", "Why is the sky blue?", ""])(
    "has no answer to %j",
    async (question) => {
      expect(await find(question)).toBeUndefined();
    },
  );
});

describe("retrieval by meaning", () => {
  it("finds what shares no word with the question", async () => {
    expect(await find("Is there space for my vehicle?")).toBeUndefined();
    expect(await find("Is there space for my vehicle?", aboutCars)).toMatch(/^Parking/);
  });

  it("goes by words alone when the embedder fails", async () => {
    const broken = embedder(() => Promise.reject(new Error("no model")));
    expect(await find("What's the address?", broken)).toMatch(/Harbour Street/);
  });
});
