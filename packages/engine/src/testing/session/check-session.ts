import fc from "fast-check";
import { toPlayScript } from "../play-script.ts";
import { BrokenRule } from "../rules/promises.ts";
import { anyWorld, type CallWorld } from "./call-world.ts";
import { type DeadAir, measureDeadAir } from "./dead-air.ts";
import { type PlayedCall, playWorld } from "./play-world.ts";
import { checkSessionPromises } from "./session-promises.ts";

export type SessionReport =
  | { readonly outcome: "kept"; readonly runs: number; readonly deadAir: DeadAir }
  | {
      readonly outcome: "broken";
      readonly runs: number;
      readonly seed: number;
      /** Together with the seed it leads straight to the shortest call found. */
      readonly path: string;
      readonly message: string;
      /** The shortest call found that breaks a promise, as a play script, and what it met. */
      readonly script: string;
      readonly world: string;
    };

export type SessionCheck = {
  readonly runs: number;
  readonly seed?: number;
  readonly path?: string;
  /** Dead air for a caller who waits that is still kept, ms. Default: any. */
  readonly maxDeadAirMs?: number;
  /** Told after each run. */
  readonly onRun?: () => void;
};

const DEAD_AIR = ["answerMs", "understudiedMs", "toolMs"] as const;

const UNKNOWN = { message: "the failure left no error", script: "", world: "" };

/**
 * Plays random calls through the real session under virtual time: models that stall, fail and babble, tools that never
 * answer, lines that die. Checks that the promises of the architecture hold.
 */
export async function checkSession(check: SessionCheck): Promise<SessionReport> {
  const { runs, seed, path, maxDeadAirMs = Number.POSITIVE_INFINITY, onRun } = check;
  const deadAir = { answerMs: 0, understudiedMs: 0, toolMs: 0 };
  const property = fc.asyncProperty(anyWorld, async (world) => {
    const played = await playAndCheck(world, maxDeadAirMs);
    for (const key of DEAD_AIR) deadAir[key] = Math.max(deadAir[key], played[key]);
    onRun?.();
  });
  const result = await fc.check(property, {
    numRuns: runs,
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
  });
  if (!result.failed) return { outcome: "kept", runs: result.numRuns, deadAir };
  const { message, script, world } = result.errorInstance instanceof BrokenSession ? result.errorInstance : UNKNOWN;
  const where = { seed: result.seed, path: result.counterexamplePath ?? "" };
  return { outcome: "broken", runs: result.numRuns, ...where, message, script, world };
}

async function playAndCheck(world: CallWorld, maxDeadAirMs: number): Promise<DeadAir> {
  const call = await playWorld(world);
  try {
    checkSessionPromises(call);
    const deadAir = measureDeadAir(call);
    const longestMs = Math.max(...DEAD_AIR.map((key) => deadAir[key]));
    if (longestMs > maxDeadAirMs) throw new BrokenRule(6, `${longestMs} ms without a sound for a caller who waits`);
    return deadAir;
  } catch (cause) {
    throw new BrokenSession(call, { cause });
  }
}

class BrokenSession extends Error {
  readonly script: string;
  readonly world: string;

  constructor({ journal, world }: PlayedCall, { cause }: { readonly cause: unknown }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.script = toPlayScript(journal.entries);
    this.world = describeWorld(world);
  }
}

/** Long texts are cut: the seed brings them back. */
function describeWorld(world: CallWorld): string {
  const toLine = (value: unknown) =>
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "string" && part.length > 80 ? `${part.slice(0, 80)}… (${part.length} characters)` : part,
    );
  return Object.entries(world)
    .map(([name, value]) => `${name}: ${toLine(value)}`)
    .join("\n");
}
