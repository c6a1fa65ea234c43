import { replayJournal } from "@earshot/engine";
import { tone } from "@earshot/engine/testing";
import { describe, expect, it } from "vitest";
import type { PlacedTransfer } from "../calls/place-transfer.ts";
import type { FromCallThread } from "./messages.ts";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const TRANSFER = { type: "tool-call", call: { id: "t1", name: "transfer_call", arguments: "{}" } } as const;
const TO = "+12125550100";

/** While a test learns of a fact, a call that runs ahead goes on for a minute: it must not hang up on a silent caller. */
const silence = { remindAfterMs: 3_600_000 };
const reception = {
  silence,
  inputs: [{ name: "place", default: "billing" }],
  models: { languageModel: "reception" },
  tools: [{ kind: "transfer" }],
  transfers: [
    { destination: TO, message: "I'll put you through to {{place}}.", mode: "warm", briefing: "Asks for a bill." },
  ],
};
const billing = { silence, models: { languageModel: "billing" }, greeting: { mode: "static", text: "Billing here." } };

function reserveReception(pace: "real" | "fast" = "fast") {
  const desk = new ScriptedDesk({
    texts: ["Billing please.", "Where is my bill?"],
    replies: { reception: [[TRANSFER], "They can't be reached."], billing: ["It is in the mail."] },
  });
  desk.reserve("call_a", reception, { pace });
  return desk;
}

/** What the main thread does about a transfer. */
async function answer(desk: ScriptedDesk, placed: PlacedTransfer): Promise<FromCallThread & { type: "ask" }> {
  const asked = await desk.until("ask");
  desk.desk.receive({ type: "answer", askId: asked.askId, answer: { type: "transfer", placed } });
  return asked;
}

function spokenTo(desk: ScriptedDesk, callId: string): string[] {
  return desk
    .entries(callId)
    .flatMap(({ event }) => (event.type === "transcript-final" && event.text !== "" ? [event.text] : []));
}

describe("a transfer", () => {
  it("hands the caller's own connection to whoever answers, after its announcement", async () => {
    const desk = reserveReception();
    desk.attach("call_a");
    desk.say(tone(600));
    await desk.until("ask");
    desk.reserve("call_b", billing, { pace: "fast", briefing: "Asks for a bill." });
    const asked = await answer(desk, { outcome: "answered", callId: "call_b" });
    expect(asked.request).toMatchObject({ type: "transfer", order: { destination: TO, briefing: "Asks for a bill." } });

    const ended = await desk.until("ended", ({ callId }) => callId === "call_a");
    expect(ended.reason).toBe("transferred");
    expect(desk.heard("call_a")).toBe("I'll put you through to billing.");
    expect(desk.sent.filter(({ type }) => type === "close-wire")).toEqual([]);
    expect(desk.sent).toContainEqual({ type: "handed-over", callId: "call_a", toCallId: "call_b" });
    await desk.untilFact("call_b", "reply-ended");
    desk.say(tone(600));
    await desk.until("journal", () => desk.heard("call_b").includes("It is in the mail."));
    expect(desk.heard("call_b")).toMatch(/^Billing here\./);
    expect(spokenTo(desk, "call_b")).toHaveLength(1);
    expect(desk.models["billing"]?.requests[0]?.system).toContain("Asks for a bill.");

    desk.desk.receive({ type: "text", callId: "call_a", wireId: 1, text: '{"type":"hang-up"}' });
    expect((await desk.until("ended", ({ callId }) => callId === "call_b")).reason).toBe("caller-hung-up");
    for (const callId of ["call_a", "call_b"])
      expect(replayJournal(desk.entries(callId)).outcome, callId).toBe("identical");
  });

  it("that comes to nothing leaves the caller with the agent, which knows why", async () => {
    const desk = reserveReception();
    desk.attach("call_a");
    desk.say(tone(600));
    await answer(desk, { outcome: "unreachable", message: "no carrier is connected" });
    await desk.until("journal", () => desk.heard("call_a").includes("They can't be reached."));
    const result = desk.models["reception"]?.requests.at(-1)?.messages.find(({ role }) => role === "tool");
    expect(result).toMatchObject({ outcome: "failed", result: expect.stringContaining("no carrier is connected") });
  });

  it("that is answered when the caller has hung up ends the other call", async () => {
    const desk = reserveReception();
    desk.attach("call_a");
    desk.say(tone(600));
    await desk.until("ask");
    desk.desk.receive({ type: "text", callId: "call_a", wireId: 1, text: '{"type":"hang-up"}' });
    await desk.until("ended", ({ callId }) => callId === "call_a");
    desk.reserve("call_b", billing, { pace: "fast" });
    await answer(desk, { outcome: "answered", callId: "call_b" });
    expect((await desk.until("ended", ({ callId }) => callId === "call_b")).reason).toBe("caller-hung-up");
  });

  it("can be ordered from outside, and is refused to a call that has not begun", async () => {
    const desk = reserveReception();
    const order = { destination: TO, mode: "cold" } as const;
    expect(await desk.order("call_a", { type: "transfer", order })).toBe(false);
    desk.attach("call_a");
    expect(await desk.order("call_a", { type: "transfer", order })).toBe(true);
    expect((await desk.until("ask")).request).toEqual({ type: "transfer", order });
  });

  it("is refused to a call that is being transferred, or is ending", async () => {
    const order = { destination: TO, mode: "cold" } as const;
    const desk = reserveReception();
    desk.attach("call_a");
    await desk.order("call_a", { type: "transfer", order });
    await desk.until("ask");
    expect(await desk.order("call_a", { type: "transfer", order })).toBe(false);

    const other = reserveReception();
    other.attach("call_a");
    await other.order("call_a", { type: "say", text: "We close now. Goodbye.", endAfter: true });
    await other.until("audio");
    expect(await other.order("call_a", { type: "transfer", order })).toBe(false);
    expect((await other.until("ended")).reason).toBe("api-request");
  });
});

describe("a hand-off", () => {
  const handOff = { type: "tool-call", call: { id: "t1", name: "to_billing", arguments: "{}" } } as const;
  const tools = [{ kind: "handoff", name: "to_billing", description: "Bills", agentId: "agt_b" }];

  it("changes the agent within the call: prompt, model and tools, and what was said is known", async () => {
    const desk = new ScriptedDesk({
      texts: ["Billing please."],
      replies: { reception: [[handOff]], billing: ["Billing here."] },
    });
    desk.reserve(
      "call_a",
      { ...reception, tools },
      { handoffs: { agt_b: desk.agent({ ...billing, name: "Bob", prompt: "You do bills." }) } },
    );
    desk.attach("call_a");
    desk.say(tone(600));
    await desk.until("journal", () => desk.heard("call_a").includes("Billing here."));
    const [request] = desk.models["billing"]?.requests ?? [];
    expect(request?.system).toContain("You do bills.");
    expect(request?.messages[0]).toEqual({ role: "caller", text: "Billing please." });
    expect(desk.entries("call_a").map(({ event }) => event.type)).toContain("scene-entered");
  });

  it("to an agent that is gone is a failed tool", async () => {
    const desk = new ScriptedDesk({ texts: ["Billing please."], replies: { reception: [[handOff], "Sorry."] } });
    desk.reserve("call_a", { ...reception, tools });
    desk.attach("call_a");
    desk.say(tone(600));
    await desk.until("journal", () => desk.heard("call_a").includes("Sorry."));
  });
});

it("a call that can't do without an MCP server says so and ends, with the reason in its journal", async () => {
  const desk = new ScriptedDesk();
  desk.reserve("call_a", { tools: [{ kind: "mcp", name: "kitchen", mcpServerId: "mcp_gone" }] });
  desk.attach("call_a");
  expect((await desk.until("ended")).reason).toBe("provider-failure");
  expect(desk.heard("call_a")).toContain("out of order");
  const failure = desk.entries("call_a").find(({ event }) => event.type === "tool-server-failed");
  expect(failure?.event).toMatchObject({ server: "mcp_gone", isRequired: true });
});

it("a text message is asked of the main thread", async () => {
  const send = { type: "tool-call", call: { id: "t1", name: "send_message", arguments: '{"body":"Hi"}' } } as const;
  const desk = new ScriptedDesk({ texts: ["Text me."], replies: { "": [[send], "Sent."] } });
  desk.reserve("call_a", { messaging: { isEnabled: true } });
  desk.attach("call_a");
  desk.say(tone(600));
  const asked = await desk.until("ask");
  expect(asked.request).toEqual({ type: "send-message", message: { body: "Hi" } });
  const outcome = { outcome: "succeeded", result: "The message was sent." } as const;
  desk.desk.receive({ type: "answer", askId: asked.askId, answer: { type: "send-message", outcome } });
  await desk.until("journal", () => desk.heard("call_a").includes("Sent."));
});
