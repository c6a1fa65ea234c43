import { describe, expect, it } from "vitest";
import { checkRules } from "../testing/rules/check-rules.ts";
import { newConversation } from "./conversation.ts";
import { reduce } from "./reduce.ts";

describe("for any history of a call", () => {
  it("the seven rules of the architecture hold", { timeout: 60_000 }, () => {
    const report = checkRules({ newConversation, reduce }, { runs: 10_000 });
    const told = report.outcome === "broken" ? `seed ${report.seed}: ${report.message}\n${report.script}` : "kept";
    expect(told).toBe("kept");
  });
});
