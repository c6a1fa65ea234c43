import { describe, expect, it } from "vitest";
import { describeAgent } from "./describe-agent.ts";

const agent = { id: "agt_1", name: "Front desk" };

describe("describing an agent", () => {
  it("shows the first sentence of the prompt and the first notes", () => {
    const prompt = "You answer the phone of\n a dental practice. Be brief.";
    const notes = ["We open at 8.30. On Friday at 9.", "", "A check-up costs 60 euros.", "Parking is free.", "Fourth."];
    expect(describeAgent({ ...agent, prompt, notes })).toEqual({
      summary: "You answer the phone of a dental practice.",
      topics: ["We open at 8.30.", "A check-up costs 60 euros.", "Parking is free."],
    });
  });

  it("cuts a prompt without sentences at a word", () => {
    const { summary } = describeAgent({ ...agent, prompt: "word ".repeat(100) });
    expect(summary).toMatch(/word…$/);
    expect(summary.length).toBeLessThanOrEqual(151);
  });

  it("is empty for an agent without prompt and notes", () => {
    expect(describeAgent({ ...agent, prompt: " " })).toEqual({ summary: "", topics: [] });
  });
});
