/** Calls whose replies come from the customer's server, through the whole call. */

import { tone } from "@earshot/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { answerJson, answerLines, TurnServer } from "../voice-turns/testing/turn-server.ts";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const CALL = "call_1";
const servers: TurnServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(...args: Parameters<typeof TurnServer.listen>): Promise<TurnServer> {
  const server = await TurnServer.listen(...args);
  servers.push(server);
  return server;
}

const LIMIT_MS = 10_000;
const TO = "+12125550100";

function call(url: string, dialect = "earshot", agent: object = {}): ScriptedDesk {
  const desk = new ScriptedDesk({ texts: ["A table for two.", "Thank you, bye."], replies: { "": ["Not me."] } });
  desk.reserve(CALL, { mode: "webhook", ...agent }, { voiceTurns: { dialect, url, timeoutMs: LIMIT_MS } });
  desk.attach(CALL);
  desk.say(tone(800));
  return desk;
}

describe("voice turns", () => {
  it("are answered by the customer's server, which hangs up as well", async () => {
    const server = await listen((response, { body }) => {
      if (!body.includes("bye")) {
        desk.say(new Int16Array(16_000 * 5));
        desk.say(tone(800));
        return answerLines(response, { text: "One moment", interim: true }, { text: "It is booked." });
      }
      return answerJson(response, { text: "Goodbye.", hangup: true });
    });
    const desk = call(server.url);
    expect(await desk.until("ended")).toMatchObject({ reason: "agent-hung-up" });
    expect(desk.heard(CALL)).toBe("One moment It is booked. Goodbye.");
    expect(server.received).toHaveLength(2);
    expect(desk.models[""]?.requests).toEqual([]);
  });

  it("that the server fails to answer end in an apology", async () => {
    const server = await listen((response) => response.writeHead(404).end());
    const desk = call(server.url);
    await desk.until("ended");
    expect(desk.heard(CALL)).toMatch(/^I'm sorry, I didn't get that\./);
    expect(server.received).toHaveLength(1);
  });

  it("of a dialect that nobody knows are told in the log, and end in an apology", async () => {
    const desk = call("http://127.0.0.1:1/", "morse");
    expect(await desk.until("log")).toMatchObject({ level: "warn", fields: { callId: CALL, dialect: "morse" } });
    await desk.untilFact(CALL, "reply-failed");
  });

  it.each(["earshot", "agentphone"])("of %s transfer the call after what announces it", async (dialect) => {
    const server = await listen((response) => answerJson(response, { text: "I'll connect you.", action: "transfer" }));
    const desk = call(server.url, dialect, { transfers: [{ destination: TO }, { destination: "+12125550101" }] });
    const asked = await desk.until("ask");
    expect(asked.request).toMatchObject({ type: "transfer", order: { destination: TO } });
    desk.desk.receive({
      type: "answer",
      askId: asked.askId,
      answer: { type: "transfer", placed: { outcome: "busy" } },
    });
    await desk.until("ended");
    expect(desk.heard(CALL)).toMatch(/^I'll connect you\. I'm sorry, that didn't work\./);
    expect(server.received).toHaveLength(1);
  });

  it("go nowhere but to the agent's own destinations", async () => {
    const server = await listen((response) =>
      answerJson(response, { action: "transfer", destination: "+19005550100" }),
    );
    const desk = call(server.url, "earshot", { transfers: [{ destination: TO }] });
    await desk.until("ended");
    expect(desk.heard(CALL)).toMatch(/^I'm sorry, that didn't work\./);
    expect(desk.sent.some(({ type }) => type === "ask")).toBe(false);
  });

  it("press keys, and say so when the far end hears none", async () => {
    const server = await listen((response) => answerJson(response, { text: "One.", digits: "1" }));
    const desk = call(server.url, "agentphone");
    await desk.untilFact(CALL, "tool-finished");
    const finished = desk.entries(CALL).filter(({ event }) => event.type === "tool-finished");
    expect(finished.map(({ event }) => event)).toMatchObject([{ outcome: "failed", toolCallId: "voice-turn-1-1" }]);
    await desk.until("ended");
    expect(desk.heard(CALL)).toMatch(/^One\. I'm sorry, that didn't work\./);
  });

  it("that take long are bridged once, by us or by the server", async () => {
    const server = await listen((response) => {
      response.writeHead(200, { "Content-Type": "application/x-ndjson" });
      setTimeout(() => response.write('{"text":"Just a second.","interim":true}\n'), 2_000);
      setTimeout(() => response.end('{"text":"It is booked."}\n'), 2_300);
    });
    const desk = call(server.url, "earshot", { turnTaking: { fillPauseAfterMs: 300 } });
    await desk.until("ended");
    expect(desk.heard(CALL)).toMatch(/^(?!.*Just a second).+ It is booked\./);
  });
});
