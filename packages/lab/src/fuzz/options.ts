import { parseArgs } from "node:util";

export const CHECKS = ["rules", "session"] as const;
export type Check = (typeof CHECKS)[number];

/** What can be asked of `npm run fuzz`. */
export type Options = {
  readonly checks: readonly Check[];
  /** Random calls per check. */
  readonly runs: Readonly<Record<Check, number>>;
  /** Absent: a random one. */
  readonly seed: number | undefined;
  /** Leads from the seed to one call. */
  readonly path: string | undefined;
  readonly workers: number;
  /** Silence for a caller who waits that is a break, ms; absent: it is measured only. */
  readonly maxDeadAirMs: number | undefined;
  /** The `src` folder of another copy of the engine. */
  readonly engine: string | undefined;
  readonly isJson: boolean;
};

export class UsageError extends Error {}

export const USAGE = `Usage: npm run fuzz [-- rules|session] [options]
  --runs N             random calls per check (default 100,000)
  --quick              a small size: 20,000 through the rules, 400 through the session
  --seed S             begin with this seed (default: a random one, which is printed)
  --path P             play the one call that a break was printed with
  --workers N          threads (default 2)
  --max-dead-air MS    silence for a caller who waits that counts as a break (default: it is measured only)
  --engine FOLDER      the src folder of another copy of the engine
  --json               print exactly one JSON object on standard output`;

const FULL = { rules: 100_000, session: 100_000 };
const QUICK = { rules: 20_000, session: 400 };

/** @throws UsageError in a sentence that says what to correct */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !isCheck(name));
  if (unknown !== undefined) throw new UsageError(`There is no check "${unknown}": there are ${CHECKS.join(" and ")}.`);
  const checks = positionals.filter(isCheck);
  const runs = toInteger("--runs", values.runs, { min: 1, max: 1_000_000_000 });
  const size = values.quick ? QUICK : FULL;
  const seed = toInteger("--seed", values.seed, { min: -(2 ** 31), max: 2 ** 31 - 1 });
  const path = values.path;
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path)) throw new UsageError("--path must be numbers with colons.");
  if (path !== undefined && (seed === undefined || checks.length !== 1))
    throw new UsageError("--path leads to one call of one check: give its name and --seed too.");
  return {
    checks: checks.length === 0 ? CHECKS : checks,
    runs: runs === undefined ? size : { rules: runs, session: runs },
    seed,
    path,
    workers: toInteger("--workers", values.workers, { min: 1, max: 64 }) ?? 2,
    maxDeadAirMs: toInteger("--max-dead-air", values["max-dead-air"], { min: 0, max: 3_600_000 }),
    engine: values.engine,
    isJson: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        runs: { type: "string" },
        quick: { type: "boolean" },
        seed: { type: "string" },
        path: { type: "string" },
        workers: { type: "string" },
        "max-dead-air": { type: "string" },
        engine: { type: "string" },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isCheck(name: string): name is Check {
  return (CHECKS as readonly string[]).includes(name);
}

function toInteger(
  flag: string,
  typed: string | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (typed === undefined) return undefined;
  const value = Number(typed.replaceAll(",", ""));
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, and not "${typed}".`);
}
