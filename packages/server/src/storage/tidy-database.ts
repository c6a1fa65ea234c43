/** What a Postgres server does by itself, and the embedded one doesn't: frees what deleted rows took up, and keeps statistics. */
import { sql } from "drizzle-orm";
import { pause, type WallClock } from "../wall-clock.ts";
import type { Database } from "./database.ts";

/** Its one connection is free for calls in between. */
const PAUSE_MS = 250;

/** Table by table; those of the job queue, too. Without effect on a server. @returns how long it kept others waiting at most, ms */
export async function tidyDatabase({
  database: { kind, drizzle },
  clock,
}: {
  readonly database: Pick<Database, "kind" | "drizzle">;
  readonly clock: Pick<WallClock, "after" | "now">;
}): Promise<number> {
  if (kind !== "embedded") return 0;
  const { rows } = await drizzle.execute(sql`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`);
  let longestMs = 0;
  for (const { name } of rows) {
    for (const order of ["vacuum", "analyze"]) {
      const startedMs = clock.now().getTime();
      await drizzle.execute(sql.raw(`${order} ${String(name)}`));
      longestMs = Math.max(longestMs, clock.now().getTime() - startedMs);
      await pause(clock, PAUSE_MS);
    }
  }
  return longestMs;
}
