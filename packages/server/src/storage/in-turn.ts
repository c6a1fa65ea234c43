import { sql } from "drizzle-orm";
import type { Transaction } from "./database.ts";

/** Whoever names the same in a transaction of theirs waits until this one is over, on whatever node. */
export async function takeTurn(transaction: Pick<Transaction, "execute">, name: string): Promise<void> {
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}
