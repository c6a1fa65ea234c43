import { expect, it } from "vitest";
import { urgently } from "../urgency.ts";
import { pause, systemWallClock } from "../wall-clock.ts";
import { openEmbeddedForTest } from "./testing/each-database.ts";

it("answers what is urgent before what waits already, and both in their own order", async () => {
  const { database, dispose } = await openEmbeddedForTest();
  try {
    const answered: string[] = [];
    const ask = (name: string) => database.pool.query("select 1").then(() => void answered.push(name));
    const askInTransaction = async (name: string) => {
      await pause(systemWallClock, 0);
      await database.drizzle.transaction(async (transaction) => {
        await transaction.execute("select 1");
      });
      answered.push(name);
    };
    const held = await database.pool.connect();
    const waiting = ["a", "b", "c"].map(ask);
    const urgent = urgently(() => Promise.all([ask("first"), askInTransaction("second"), ask("third")]));
    await pause(systemWallClock, 20);
    held.release();
    await Promise.all([...waiting, urgent]);
    expect(answered).toEqual(["first", "third", "second", "a", "b", "c"]);
  } finally {
    await dispose();
  }
});
