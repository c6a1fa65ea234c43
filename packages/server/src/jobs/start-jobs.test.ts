import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { createLog } from "../telemetry/log.ts";
import { startJobs } from "./start-jobs.ts";

const log = createLog("silent");
const carrier = { confirmOrder: async () => {}, sendMessage: async () => {}, answerMessage: async () => {} };

describeOnEachDatabase("jobs", (database) => {
  test("are done, also those that failed the first time and those that were left by another run", async () => {
    const done = Promise.withResolvers<void>();
    const attempts: string[] = [];
    const left = await startJobs({
      database: database(),
      log,
      handlers: {
        finishCall: () => new Promise(() => {}),
        workThrough: async () => {},
        carrier,
        placeScheduledCall: async () => {},
        expireIdempotency: async () => {},
        expireDeliveries: async () => {},
        expireRecordings: async () => {},
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
        workThrough: async () => {},
        carrier,
        placeScheduledCall: async () => {},
        expireIdempotency: async () => {},
        expireDeliveries: async () => {},
        expireRecordings: async () => {},
      },
    });
    await jobs.enqueueFinishCall("call_1");
    await done.promise;
    expect(attempts).toEqual(["call_1", "call_1"]);
    await jobs.close();
    await jobs.close();
    await database().check();
  }, 30_000);
});
