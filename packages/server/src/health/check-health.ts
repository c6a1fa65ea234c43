import type { WallClock } from "../wall-clock.ts";

/** One thing that must be well for the node to take calls. */
export type HealthSource = {
  readonly name: string;
  /** Resolves when all is well; rejects with an error whose message may be shown to everybody. */
  check(): Promise<void>;
};

export type HealthReport = {
  readonly status: "ready" | "not_ready";
  readonly checks: readonly { readonly name: string; readonly isOk: boolean; readonly reason?: string }[];
};

/** A reason that may be shown to everybody. */
export class NotHealthyError extends Error {
  override readonly name = "NotHealthyError";
}

const CHECK_LIMIT_MS = 2_000;

/** Asks all sources at once; one that doesn't answer within two seconds counts as unwell. */
export async function checkHealth(sources: readonly HealthSource[], clock: WallClock): Promise<HealthReport> {
  const checks = await Promise.all(
    sources.map(async ({ name, check }) => {
      try {
        await withLimit(check(), clock);
        return { name, isOk: true };
      } catch (error) {
        return { name, isOk: false, reason: error instanceof NotHealthyError ? error.message : "failed" };
      }
    }),
  );
  return { status: checks.every(({ isOk }) => isOk) ? "ready" : "not_ready", checks };
}

async function withLimit(checking: Promise<void>, clock: WallClock): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(CHECK_LIMIT_MS, () =>
    reject(new NotHealthyError(`no answer within ${CHECK_LIMIT_MS / 1000} seconds`)),
  );
  try {
    await Promise.race([checking, late]);
  } finally {
    cancel();
  }
}
