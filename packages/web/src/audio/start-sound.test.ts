import { expect, it } from "vitest";
import { FakeScheduler } from "../testing/fake-network.ts";
import { startSound } from "./start-sound.ts";

function makeContext(resume: () => Promise<void>) {
  const log: string[] = [];
  return { log, context: { resume, close: async () => void log.push("closed") } };
}

it("says so where no loudspeaker ever starts, and lets go", async () => {
  const scheduler = new FakeScheduler();
  const { context, log } = makeContext(() => new Promise(() => {}));
  const started = startSound(context, scheduler);
  scheduler.pass(10_000);
  await expect(started).rejects.toMatchObject({ problem: "no-output" });
  expect(log).toEqual(["closed"]);
});

it("leaves nothing behind once it plays", async () => {
  const scheduler = new FakeScheduler();
  const { context, log } = makeContext(async () => {});
  await startSound(context, scheduler);
  expect([scheduler.pendingCount, log]).toEqual([0, []]);
});
