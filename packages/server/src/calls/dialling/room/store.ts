/** How many calls a workspace may have placed at once, and a second. */
import { sql } from "drizzle-orm";
import type { Database, Transaction } from "../../../storage/database.ts";
import { takeTurn } from "../../../storage/in-turn.ts";
import { calls } from "../../../storage/schema.ts";
import type { CallingRules } from "../../../workspaces/calling-rules.ts";
import type { CallHold } from "../../call-row.ts";

export type Room = Pick<CallingRules, "maxCalls" | "maxCallsPerSecond">;

/** `over`: it has been placed or called off. */
export type Placement = "placed" | "over" | "workspace_full" | "workspace_rate";

/**
 * Has the last place taken by one call, however many ask for it at once, on whatever nodes.
 * @param at when the call goes out; without it, and without a limit, there is room
 * @param write stores the call; runs in the transaction that has found room for it
 */
export async function placeInRoom(
  drizzle: Database["drizzle"],
  {
    workspaceId,
    room = {},
    at,
  }: { readonly workspaceId: string; readonly room?: Room | undefined; readonly at: CallHold["placedAt"] | undefined },
  write: (executor: Transaction) => Promise<Placement>,
): Promise<Placement> {
  const { maxCalls, maxCallsPerSecond } = room;
  if (at === undefined || (maxCalls === undefined && maxCallsPerSecond === undefined)) return write(drizzle);
  return drizzle.transaction(async (transaction) => {
    await takeTurn(transaction, `placed ${workspaceId}`);
    const isRecent = sql`${calls.placedAt} > ${at.toISOString()}::timestamptz - interval '1 second'`;
    const isLive = sql`${calls.status} in ('ringing', 'active')`;
    const { rows } = await transaction.execute(sql`
      select count(*) filter (where ${isLive})::int as live, count(*) filter (where ${isRecent})::int as recent
      from ${calls}
      where ${calls.workspaceId} = ${workspaceId} and ${calls.direction} = 'outbound' and (${isLive} or ${isRecent})`);
    const { live, recent } = rows[0] as { readonly live: number; readonly recent: number };
    if (maxCalls !== undefined && live >= maxCalls) return "workspace_full";
    if (maxCallsPerSecond !== undefined && recent >= maxCallsPerSecond) return "workspace_rate";
    return write(transaction);
  });
}
