import type { Message } from "@earshot/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toChatTurns } from "./chat-turns.ts";

const call = { id: "c1", name: "book", arguments: '{"people":4}' };

describe("toChatTurns", () => {
  it("tells the model where the caller interrupted it", () => {
    const turns = toChatTurns([
      { role: "caller", text: "Where are you?" },
      { role: "agent", text: "We are on the", wasCutOff: true },
      { role: "caller", text: "Never mind." },
    ]);
    expect(turns).toEqual([
      { role: "user", text: "Where are you?" },
      { role: "agent", text: "We are on the —", calls: [] },
      {
        role: "user",
        text: "[The caller interrupted you here and did not hear the rest.]\nNever mind.",
      },
    ]);
  });

  it("marks orders of the platform as not said by the caller", () => {
    expect(toChatTurns([{ role: "instruction", text: "Greet the caller." }])).toEqual([
      { role: "user", text: "[Instruction, not said by the caller: Greet the caller.]" },
    ]);
  });

  it("moves a late result to its call, before what the caller said meanwhile", () => {
    const turns = toChatTurns([
      { role: "caller", text: "A table for four." },
      { role: "agent", text: "One moment.", toolCalls: [call] },
      { role: "caller", text: "Are you there?" },
      { role: "tool", toolCallId: "c1", name: "book", outcome: "succeeded", result: "table 7" },
    ]);
    expect(turns.map((turn) => turn.role)).toEqual(["user", "agent", "user"]);
    expect(turns[1]).toMatchObject({ calls: [{ outcome: "succeeded", result: "table 7" }] });
  });

  it("says of a tool that still runs that there is no result yet", () => {
    const turns = toChatTurns([
      { role: "caller", text: "A table for four." },
      { role: "agent", text: "", toolCalls: [call] },
    ]);
    expect(turns.at(-1)).toMatchObject({ calls: [{ outcome: "pending", result: "No result yet." }] });
  });

  it("shows the model the broken arguments that it wrote", () => {
    const turns = toChatTurns([{ role: "agent", text: "", toolCalls: [{ ...call, arguments: '{"peo' }] }]);
    expect(turns.at(-1)).toMatchObject({ calls: [{ arguments: { notJson: '{"peo' } }] });
  });

  it("begins with the user, alternates unless tools stand between, and ends on the model's turn", () => {
    fc.assert(
      fc.property(fc.array(message()), (messages) => {
        const turns = toChatTurns(messages);
        expect(turns[0]?.role).toBe("user");
        const last = turns.at(-1);
        expect(last?.role === "user" || (last?.calls.length ?? 0) > 0).toBe(true);
        for (const [index, turn] of turns.entries()) {
          const before = turns[index - 1];
          const hadTools = before?.role === "agent" && before.calls.length > 0;
          if (!hadTools) expect(turn.role).not.toBe(before?.role);
        }
      }),
    );
  });
});

function message(): fc.Arbitrary<Message> {
  const text = fc.constantFrom("", "yes", "A table for four.");
  return fc.oneof(
    fc.record({ role: fc.constant("caller" as const), text }),
    fc.record({ role: fc.constant("instruction" as const), text }),
    fc.record({ role: fc.constant("agent" as const), text }),
    fc.record({ role: fc.constant("agent" as const), text, wasCutOff: fc.constant(true as const) }),
    fc.record({ role: fc.constant("agent" as const), text, toolCalls: fc.constant([call]) }),
    fc.record({
      role: fc.constant("tool" as const),
      toolCallId: fc.constantFrom("c1", "c2"),
      name: fc.constant("book"),
      outcome: fc.constantFrom("succeeded" as const, "failed" as const),
      result: text,
    }),
  );
}
