import { DrizzleQueryError } from "drizzle-orm";

/** A failed query, stripped of the values that were in it: those may be speech, prompts or numbers. */
export class QueryError extends Error {
  /** SQLSTATE where the database gave one, e.g. "23505". */
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;

  /** True when the disk, the server or the connection is to blame, and not the query. */
  get isStorageTrouble(): boolean {
    return this.sqlState === undefined || /^(?:08|53|57|58|XX)/.test(this.sqlState);
  }

  constructor(
    query: string,
    details: { sqlState: string | undefined; constraint: string | undefined; reason: string },
  ) {
    super(`query failed (${details.sqlState ?? details.reason}): ${query}`);
    this.name = "QueryError";
    this.sqlState = details.sqlState;
    this.constraint = details.constraint;
  }
}

/** Whether a row was refused because another one is alike where it must not be. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof QueryError && error.sqlState === "23505";
}

/**
 * Makes every function of a store throw QueryError instead of the library's errors, whose messages hold the
 * parameters.
 */
export function withoutParameters<Store extends Record<keyof Store, (...parameters: never[]) => Promise<unknown>>>(
  store: Store,
): Store {
  const guarded = Object.entries<(...parameters: never[]) => Promise<unknown>>(store).map(([name, run]) => [
    name,
    async (...parameters: never[]) => {
      try {
        return await run(...parameters);
      } catch (error) {
        throw toQueryError(error);
      }
    },
  ]);
  return Object.fromEntries(guarded) as Store;
}

/** Anything but a failed query is given back as it is. */
export function toQueryError(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error;
  const cause: object = error.cause ?? {};
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const isSqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return new QueryError(error.query, {
    sqlState: isSqlState ? code : undefined,
    constraint: "constraint" in cause && typeof cause.constraint === "string" ? cause.constraint : undefined,
    reason: isSqlState ? "" : (code ?? error.cause?.message ?? "unknown"),
  });
}
