import { expect, it } from "vitest";
import type { CarrierCalls } from "../../carriers/carrier-calls.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import type { FromStream, ToStream } from "../stream/stream-messages.ts";
import { CarrierLine } from "./carrier-line.ts";
import { StreamTokens } from "./stream-tokens.ts";

/** Whatever is waited for comes about. */
function makeClock() {
  const clock = new FakeWallClock();
  const pass = async () => {
    clock.advance(60_000);
    for (let n = 0; n < 10; n++) await Promise.resolve();
  };
  return { clock, pass };
}

function makeLine(calls: Partial<CarrierCalls> = {}) {
  const { clock, pass } = makeClock();
  const log: string[] = [];
  const over = Promise.withResolvers<void>();
  let tell: (report: FromStream) => void = () => {};
  const line = new CarrierLine({
    ...{ carrier: "telnyx", callId: "call_1", clock },
    calls: {
      place: async () => "",
      hangUp: async (id) => void log.push(`hang up ${id}`),
      transfer: async (id) => void log.push(`transfer ${id}`),
      ...calls,
    },
    thread: {
      openStream(onReport) {
        tell = onReport;
        return {
          send: (order: ToStream) => log.push(order.kind),
          close: () => log.push("wire closed"),
        };
      },
      whenOver: () => over.promise,
    },
    control: { end: async (_, reason) => log.push(`call ended: ${reason}`) > 0 },
    onProblem: (problem) => log.push(problem),
    onDone: () => log.push("done"),
  });
  const socket = { send: () => {}, close: () => log.push("socket closed") };
  return { line, log, pass, over, socket, tell: (report: FromStream) => tell(report) };
}

it("asks the carrier again when it could not be told to hang up, and not for ever", async () => {
  const { line, log, pass } = makeLine({ hangUp: () => Promise.reject(new Error("unreachable")) });
  line.name("v3:1");
  void line.close();
  for (let n = 0; n < 9; n++) await pass();
  expect(log.filter((entry) => entry.includes("unreachable"))).toHaveLength(4);
});

it("hangs up a call that was over before the carrier had a name for it", async () => {
  const { line, log } = makeLine();
  await line.close();
  line.name("v3:1");
  await line.close();
  expect(log).toEqual(["done", "hang up v3:1"]);
});

it("lets the last word be heard before it hangs up", async () => {
  const { line, log, pass, socket, tell } = makeLine();
  line.name("v3:1");
  expect([line.connect(socket), line.connect(socket)]).toEqual([true, false]);
  tell({ kind: "begun" });
  tell({ kind: "hang-up", reason: "agent-hung-up" });
  expect(log).toEqual(["open"]);
  await pass();
  expect(log).toEqual(["open", "socket closed", "hang up v3:1", "done"]);
  line.lose(true);
  expect(log.slice(4)).toEqual(["closed", "wire closed"]);
});

it("ends a call whose stream broke off before it began", async () => {
  const { line, log, socket } = makeLine();
  line.connect(socket);
  line.lose(false);
  expect(log).toEqual(["open", "closed", "wire closed", "call ended: connection-lost", "socket closed", "done"]);
});

it("is hung up when its call is over before it began, and not when that call has another's line", async () => {
  const { line, log, over } = makeLine();
  line.name("v3:1");
  over.resolve();
  await over.promise;
  expect(log).toEqual(["hang up v3:1", "done"]);
  const moved = makeLine();
  moved.line.moveTo("call_2");
  moved.over.resolve();
  await moved.over.promise;
  expect(moved.log).toEqual([]);
});

it("leaves the caller with the agent when the carrier doesn't hand them on", async () => {
  const { line, log, socket } = makeLine({ transfer: () => Promise.reject(new Error("no such number")) });
  line.name("v3:1");
  line.connect(socket);
  await expect(line.transfer({ destination: "+1", from: "+2", voiceUrl: "" })).rejects.toThrow("no such number");
  expect(log).toEqual(["open", "transferring", "transferring"]);
  await line.close();
  expect(log).toContain("hang up v3:1");
});

it("gives a ticket to one alone, once, and within its time", async () => {
  const { clock, pass } = makeClock();
  const tokens = new StreamTokens<string>(clock);
  const expired: string[] = [];
  const issue = (holder: string) => tokens.issue(holder, 15_000, () => expired.push(holder));
  const [first, second] = [issue("first"), issue("second")];
  expect([tokens.redeem(first), tokens.redeem(first), tokens.redeem("")]).toEqual(["first", undefined, undefined]);
  await pass();
  expect([tokens.redeem(second), expired]).toEqual([undefined, ["second"]]);
});
