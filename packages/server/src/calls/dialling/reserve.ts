/** What goes out through a trunk or a carrier counts before it goes out, or doesn't go out at all. */
import type { TransferOutcome } from "@earshot/engine";
import { newId } from "../../new-id.ts";
import type { Call } from "../call.ts";
import { type CheckDestinationDeps, findCallingRules } from "./check-destination.ts";
import { hasDayCaps, judgeDay, today } from "./day-caps.ts";
import type { Dial, Refusal } from "./dial.ts";
import type { CarrierLeg, DayGuard, DialledLeg, DialStore } from "./store.ts";

export type ReserveDeps = Pick<CheckDestinationDeps, "workspaces" | "clock"> & {
  readonly calls: Pick<DialStore, "reserveDial" | "reserveLeg">;
};

/** Why a call must not go this way now, when others have used the day up by now; undefined: it counts. */
export async function reserveDial(
  deps: ReserveDeps,
  call: Pick<Call, "id" | "workspaceId">,
  way: Pick<Dial, "trunkId" | "carrierAccountId" | "pricePerMinute">,
): Promise<Refusal | undefined> {
  return deps.calls.reserveDial(call, way, await findGuard(deps, call.workspaceId));
}

export type LegRequest = {
  readonly call: Pick<Call, "id" | "workspaceId" | "dial">;
  readonly pricePerMinute: number | undefined;
  /** Default 24 hours. */
  readonly atMostMs?: number;
} & (
  | { /** In the place of whom the call was with: it lasts as long as the call does. */ readonly kind: "replacing" }
  | {
      /** The call's far end talks to them without us; what was paid for goes on to be. */
      readonly kind: "apart";
      /** Absent: nobody tells when it is over. */
      readonly at?: CarrierLeg;
    }
);

export type ReservedLeg =
  | { readonly id: string; readonly startedAt: DialledLeg["startedAt"] }
  | { readonly failure: Refusal };

const DAY_MS = 86_400_000;

/** The same for somebody whom a trunk or a carrier connects a call's far end with. */
export async function reserveLeg(deps: ReserveDeps, request: LegRequest): Promise<ReservedLeg> {
  const { call, pricePerMinute = 0, kind, atMostMs = DAY_MS } = request;
  const startedAt = deps.clock.now();
  const id = newId("leg", startedAt.getTime());
  const leg: DialledLeg = {
    ...{ id, workspaceId: call.workspaceId, callId: call.id, pricePerMinute, startedAt },
    ...(kind === "apart" && request.at !== undefined ? { at: request.at } : {}),
    endsWithCall: kind === "replacing",
    lines: linesOf(call, kind),
    expiresAt: deps.clock.at(startedAt.getTime() + atMostMs),
  };
  const failure = await deps.calls.reserveLeg(leg, await findGuard(deps, call.workspaceId));
  return failure === undefined ? { id, startedAt } : { failure };
}

type Transferred = { readonly outcome: TransferOutcome; readonly message?: string };

/** Has a trunk or a carrier make a transfer, which counts unless it comes to nothing. */
export async function transferCounted(
  deps: ReserveDeps & { readonly calls: Pick<DialStore, "dropLeg"> },
  request: LegRequest,
  transfer: () => Promise<Transferred>,
): Promise<Transferred> {
  const reserved = await reserveLeg(deps, request);
  if ("failure" in reserved) return { outcome: "rejected", message: reserved.failure.error };
  let outcome: TransferOutcome | undefined;
  try {
    const transferred = await transfer();
    outcome = transferred.outcome;
    return transferred;
  } finally {
    if (outcome !== "answered") await deps.calls.dropLeg(reserved.id);
  }
}

/** A call that counts by itself goes on to do so when somebody else takes the place of whom it was placed to. */
function linesOf({ dial }: Pick<Call, "dial">, kind: LegRequest["kind"]): number {
  const isPaidFor = dial?.trunkId !== undefined || dial?.carrierAccountId !== undefined;
  if (!isPaidFor) return 1;
  return kind === "replacing" ? 0 : 2;
}

async function findGuard(deps: ReserveDeps, workspaceId: string): Promise<DayGuard | undefined> {
  const rules = await findCallingRules(deps, workspaceId);
  if (!hasDayCaps(rules)) return undefined;
  return { ...today(deps.clock), judge: (used) => judgeDay(rules, used) };
}
