import { and, desc, eq, inArray } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { optOuts } from "../storage/schema.ts";
import type { OptOut } from "./opt-out.ts";

type Pair = { readonly workspaceId: string; readonly phoneNumber: string; readonly recipient: string };

export interface OptOutStore {
  /** Once more changes nothing. Returns what there is. */
  add(optOut: Pair & { readonly word: string }, at: Date): Promise<OptOut>;
  /** False when there was none. */
  remove(pair: Pair): Promise<boolean>;
  /** Which of the recipients must not be written to. */
  among(
    from: { readonly workspaceId: string; readonly phoneNumber: string },
    recipients: readonly string[],
  ): Promise<string[]>;
  /** Newest first. */
  list(
    workspaceId: string,
    filter: { readonly phoneNumber?: string | undefined; readonly limit: number },
  ): Promise<OptOut[]>;
}

export function createOptOutStore({ drizzle }: Database): OptOutStore {
  const isPair = ({ workspaceId, phoneNumber, recipient }: Pair) =>
    and(eq(optOuts.workspaceId, workspaceId), eq(optOuts.phoneNumber, phoneNumber), eq(optOuts.recipient, recipient));

  return withoutParameters<OptOutStore>({
    async add(optOut, at) {
      const [row] = await drizzle
        .insert(optOuts)
        .values({ ...optOut, createdAt: at })
        // Sets what is there already: a row is returned only where something is set.
        .onConflictDoUpdate({
          target: [optOuts.workspaceId, optOuts.phoneNumber, optOuts.recipient],
          set: { recipient: optOut.recipient },
        })
        .returning();
      if (row === undefined) throw new Error("an opt-out was neither there nor kept");
      return toOptOut(row);
    },

    async remove(pair) {
      const removed = await drizzle.delete(optOuts).where(isPair(pair)).returning({ word: optOuts.word });
      return removed.length > 0;
    },

    async among({ workspaceId, phoneNumber }, recipients) {
      if (recipients.length === 0) return [];
      const rows = await drizzle
        .select({ recipient: optOuts.recipient })
        .from(optOuts)
        .where(
          and(
            eq(optOuts.workspaceId, workspaceId),
            eq(optOuts.phoneNumber, phoneNumber),
            inArray(optOuts.recipient, [...recipients]),
          ),
        );
      return rows.map(({ recipient }) => recipient);
    },

    async list(workspaceId, { phoneNumber, limit }) {
      const rows = await drizzle
        .select()
        .from(optOuts)
        .where(
          and(
            eq(optOuts.workspaceId, workspaceId),
            phoneNumber === undefined ? undefined : eq(optOuts.phoneNumber, phoneNumber),
          ),
        )
        .orderBy(desc(optOuts.createdAt))
        .limit(limit);
      return rows.map(toOptOut);
    },
  });
}

function toOptOut({ workspaceId: _, createdAt, ...row }: typeof optOuts.$inferSelect): OptOut {
  return { ...row, createdAt: createdAt.toISOString() };
}
