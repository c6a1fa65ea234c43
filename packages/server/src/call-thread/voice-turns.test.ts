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

function call(url: string, dialect = "earshot"): ScriptedDesk {
  const desk = new ScriptedDesk({ texts: ["A table for two.", "Thank you, bye."], replies: { "": ["Not me."] } });
  desk.reserve(CALL, {}, { voiceTurns: { dialect, url, timeoutMs: 2_000 } });
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
});
