import type { Clock } from "@earshot/engine";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { type FakeEarshotServer, startFakeServer } from "../../test/fake-earshot-server.ts";
import { type PlaceCallOptions, placeCall } from "./place-call.ts";

const HASTE = 20;
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const run of cleanUp.splice(0)) await run();
});

describe("at real pace", () => {
  it("sends a frame each 20 ms of the call, whatever the timers do, and reports what it has played", async () => {
    const server = await serve();
    const placed = await placeCall({ ...optionsFor(server.url), utterances: [new Int16Array(3200).fill(900)] });
    const agent = server.agents[0];
    expect(placed).toMatchObject({ outcome: "answered", endReason: "caller-hung-up" });
    expect(placed.durationMs).toBeGreaterThan(placed.wallMs - 100 * HASTE);
    expect(placed.durationMs).toBeLessThanOrEqual(placed.wallMs);
    expect(placed.heard).toHaveLength(placed.durationMs * 16);
    expect(placed.heard.filter((sample) => sample !== 0)).toHaveLength(2 * 25 * 320);
    expect(agent?.soundReceived).toBe(3200);
    expect(agent?.playedReports.at(-1)).toBe(2 * 25 * 320);
    expect(agent?.playedReports).toEqual(agent?.playedReports.toSorted((a, b) => a - b));
  });
});

describe("a server that goes wrong", () => {
  it("is left when it does not open the call", async () => {
    const url = await serveSilence();
    await expect(placeCall(optionsFor(url))).rejects.toThrow("did not open the call within 15 seconds");
  });

  it("is left when it stops sending in the pace fast", async () => {
    const url = await serveSilence({ type: "open", callId: "call_1", pace: "fast" });
    await expect(placeCall({ ...optionsFor(url), clock: clockOfPeriods() })).rejects.toThrow(
      "sent nothing for 120 seconds",
    );
  });

  it("is told apart from one that complains", async () => {
    const url = await serveSilence({ type: "error", code: "unauthorized", message: "The token has been used." }, true);
    await expect(placeCall(optionsFor(url))).rejects.toThrow("The call could not go on: The token has been used.");
  });

  it("is not waited for after an interrupt", async () => {
    const url = await serveSilence();
    const interrupted = AbortSignal.abort();
    await expect(placeCall({ ...optionsFor(url), interrupted })).rejects.toThrow("Interrupted before the call began.");
  });
});

function optionsFor(url: string): PlaceCallOptions {
  return {
    audioUrl: url.replace("http", "ws"),
    utterances: [new Int16Array(320).fill(900)],
    wait: { for: "greeting", isExpected: true },
    clock: hastyClock(HASTE),
    interrupted: new AbortController().signal,
    onEntry: () => undefined,
    onNote: () => undefined,
  };
}

async function serve(): Promise<FakeEarshotServer> {
  const server = await startFakeServer({ haste: HASTE });
  cleanUp.push(() => server.close());
  return server;
}

/** A server that says one thing at most. */
async function serveSilence(message?: object, closes = false): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    if (message !== undefined) socket.send(JSON.stringify(message));
    if (closes) socket.close();
  });
  cleanUp.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** Real time, run faster. Its periods may come late and in lumps, as on a busy machine. */
function hastyClock(haste: number): Clock {
  return {
    nowMs: () => performance.now() * haste,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs / haste);
      return () => clearTimeout(timer);
    },
    every: (periodMs, run) => {
      const timer = setInterval(run, Math.max(periodMs / haste, 3));
      return () => clearInterval(timer);
    },
    working: () => () => undefined,
  };
}

/** A period passes each millisecond, and no time in between: only an open call, which counts in periods, ages. */
function clockOfPeriods(): Clock {
  let nowMs = 0;
  return {
    ...hastyClock(1),
    nowMs: () => nowMs,
    every: (periodMs, run) => {
      const timer = setInterval(() => {
        nowMs += periodMs;
        run();
      }, 1);
      return () => clearInterval(timer);
    },
  };
}
