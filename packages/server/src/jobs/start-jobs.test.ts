import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { createLog } from "../telemetry/log.ts";
import { startJobs } from "./start-jobs.ts";

const log = createLog("silent");
const carrier = { confirmOrder: async () => {}, sendMessage: async () => {}, answerMessage: async () => {} };
const idle = {
  workThrough: async () => {},
  carrier,
  placeScheduledCall: async () => {},
  expireIdempotency: async () => {},
  expireDeliveries: async () => {},
  expireRecordings: async () => {},
  tidy: async () => {},
};

describeOnEachDatabase("jobs", (database) => {
  test("are done, also those that failed the first time and those that were left by another run", async () => {
    const done = Promise.withResolvers<void>();
    const attempts: string[] = [];
    const left = await startJobs({
      database: database(),
      log,
      handlers: {
        finishCall: () => new Promise(() => {}),
        ...idle,
      },
    });
    await left.close();
    const jobs = await startJobs({
      database: database(),
      log,
      handlers: {
        async finishCall(callId) {
          attempts.push(callId);
          if (attempts.length === 1) throw new Error("not yet");
          if (new Set(attempts).size === 1 && attempts.length === 2) done.resolve();
        },
        ...idle,
      },
    });
    await jobs.enqueueFinishCall("call_1");
    await done.promise;
    expect(attempts).toEqual(["call_1", "call_1"]);
    await jobs.close();
    await jobs.close();
    await database().check();
  }, 30_000);

  test("keep up with a busy node, and wait for none that fails", async () => {
    const CALLS = 60;
    const done = Promise.withResolvers<void>();
    const finished = new Set<string>();
    const jobs = await startJobs({
      database: database(),
      log,
      handlers: {
        async finishCall(callId) {
          if (callId === "call_3") throw new Error("never");
          finished.add(callId);
          if (finished.size === CALLS - 1) done.resolve();
        },
        ...idle,
      },
    });
    await Promise.all(Array.from({ length: CALLS }, (_, call) => jobs.enqueueFinishCall(`call_${call}`)));
    await done.promise;
    expect(finished.has("call_3")).toBe(false);
    await jobs.close();
  }, 30_000);
});
