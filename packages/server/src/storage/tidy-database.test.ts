import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { createCarrierCallStore } from "../carrier-calls/store.ts";
import { systemWallClock as clock } from "../wall-clock.ts";
import { describeOnEachDatabase } from "./testing/each-database.ts";
import { tidyDatabase } from "./tidy-database.ts";

const CALLS = 3_000;
const hasty = { now: () => clock.now(), after: (_: number, run: () => void) => clock.after(1, run) };

describeOnEachDatabase("a night's tidying", (database) => {
  test("forgets the calls of carriers from long ago, and no others", async () => {
    const store = createCarrierCallStore(database());
    await store.isFirstTold("car_1", "old", new Date("2026-01-01T00:00:00Z"));
    await store.isFirstTold("car_1", "new", new Date("2026-03-01T00:00:00Z"));
    expect(await store.expire(new Date("2026-02-01T00:00:00Z"))).toBe(1);
    expect(await store.isFirstTold("car_1", "new", new Date())).toBe(false);
    expect(await store.isFirstTold("car_1", "old", new Date())).toBe(true);
  });

  test("leaves an embedded database with statistics and without dead rows, and lets calls through meanwhile", async () => {
    const { drizzle, kind } = database();
    await drizzle.execute(sql`
      insert into calls (id, workspace_id, agent_name, direction, pace, status, variables, metadata, sent, token_hash, node_id, created_at, updated_at)
      select 'call_' || n, 'ws_1', 'Ada', 'inbound', 'real', 'ended', '{}', '{}', '{}', '', 'node_1', now(), now()
      from generate_series(1, ${CALLS}::int) n`);
    await drizzle.execute(sql`
      insert into call_events (call_id, seq, at_ms, event, effects)
      select 'call_' || n, seq, 0, json_build_object('type', 'transcript-final', 'text', repeat('said ', 40)), '[]'
      from generate_series(1, ${CALLS}::int) n, generate_series(1, 20) seq`);
    await drizzle.execute(sql`update calls set duration_ms = 1`);
    let longestWaitMs = 0;
    let isTidy = false;
    const tidying = tidyDatabase({ database: database(), clock: hasty }).finally(() => {
      isTidy = true;
    });
    while (!isTidy) {
      const askedMs = performance.now();
      await drizzle.execute(sql`select 1`);
      longestWaitMs = Math.max(longestWaitMs, performance.now() - askedMs);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const longestMs = await tidying;
    const { rows } = await drizzle.execute(
      sql`select relname, reltuples::int as rows from pg_class where relname in ('calls', 'call_events') order by 1`,
    );
    if (kind === "server") return expect(longestMs).toBe(0);
    expect(rows).toEqual([
      { relname: "call_events", rows: CALLS * 20 },
      { relname: "calls", rows: CALLS },
    ]);
    const analyzed = await drizzle.execute(sql`select 1 from pg_stats where tablename = 'call_events' limit 1`);
    expect(analyzed.rows).toHaveLength(1);
    expect(longestWaitMs).toBeLessThan(2_000);
  }, 60_000);
});
