import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Call } from "./call.ts";

type Known = Omit<Call, "id" | "status" | "createdAt" | "updatedAt" | "variables" | "metadata" | "sent"> &
  Partial<Pick<Call, "variables" | "metadata" | "sent">>;

/** A call that rings from now on. */
export function newRingingCall(clock: WallClock, known: Known): Call {
  const now = clock.now();
  return {
    ...{ variables: {}, metadata: {}, sent: {} },
    ...known,
    id: newId("call", now.getTime()),
    status: "ringing",
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
}
