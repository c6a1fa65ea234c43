import { describe, expect, it } from "vitest";
import { readKnowledge, splitSentences } from "./knowledge.ts";

const textsOf = (system: string) => readKnowledge(system).facts.map((fact) => fact.text);

describe("readKnowledge", () => {
  it("keeps what can be told and leaves out what is an order", () => {
    const system = "You are a helpful host. Always be polite. We open at nine. Never discuss prices. Dogs are welcome.";
    expect(textsOf(system)).toEqual(["We open at nine.", "Dogs are welcome."]);
  });

  it("takes notes, without their bullets and markdown", () => {
    expect(textsOf("# Notes\n- **Parking** is free\n- See [our page](https://example.com).\n1. Wi-Fi is free")).toEqual(
      ["Parking is free.", "See our page.", "Wi-Fi is free."],
    );
  });

  it("turns a conditional order into its answer", () => {
    const [fact] = readKnowledge("If anyone asks about refunds, tell them that refunds take a week.").facts;
    expect(fact).toMatchObject({ text: "Refunds take a week.", keys: "refunds" });
  });

  it("turns questions with answers into answers", () => {
    const [fact] = readKnowledge("- Do you deliver? We deliver within the city.").facts;
    expect(fact).toMatchObject({ text: "We deliver within the city.", keys: "Do you deliver?" });
  });

  it.each([
    ["You are the receptionist of Bloom Dental.", "Bloom Dental"],
    ["You're Ava, a friendly assistant for the Grand Hotel in Vienna.", "the Grand Hotel"],
    ["You answer the phone at Trattoria Lina. Be nice.", "Trattoria Lina"],
    ["You are a helpful assistant.", undefined],
    ["", undefined],
  ])("finds whom %j speaks for: %s", (system, business) => {
    expect(readKnowledge(system).business).toBe(business);
  });
});

describe("splitSentences", () => {
  it("does not stop at abbreviations and times", () => {
    expect(splitSentences("Dr. Lee is in at 9 a.m. on Mondays. Ask for Mrs. Gomez. Bye!")).toEqual([
      "Dr. Lee is in at 9 a.m. on Mondays.",
      "Ask for Mrs. Gomez.",
      "Bye!",
    ]);
  });
});
