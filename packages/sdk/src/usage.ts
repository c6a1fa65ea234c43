import type { components } from "./generated/openapi.ts";
import type { QueryOf } from "./query-of.ts";
import { Collection } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type UsageTotals = components["schemas"]["UsageTotals"];
/** One day or one month. */
export type UsagePeriod = components["schemas"]["UsagePeriod"];
export type NumberUsage = components["schemas"]["NumberUsage"];
export type AgentUsage = components["schemas"]["AgentUsage"];
/** `from` and `before` bound the time that was counted. */
export type UsageByAgent = components["schemas"]["UsageByAgent"];

/** How much the workspace talks and writes. */
export class Usage extends Collection {
  constructor(transport: Transport) {
    super(transport, "/v1/usage");
  }

  /** Totals: of all time, and of the last day, week and month. */
  get(options: RequestOptions = {}): Promise<UsageTotals> {
    return this.transport.json({ ...options, path: this.pathOf() });
  }

  /** Each of the last days, oldest first; 30 of them in UTC unless told otherwise. */
  daily(
    query: QueryOf<"readDailyUsage"> = {},
    options: RequestOptions = {},
  ): Promise<{ readonly data: readonly UsagePeriod[] }> {
    return this.transport.json({ ...options, path: this.pathOf("daily"), query });
  }

  /** Each of the last months, oldest first; 6 of them in UTC unless told otherwise. */
  monthly(
    query: QueryOf<"readMonthlyUsage"> = {},
    options: RequestOptions = {},
  ): Promise<{ readonly data: readonly UsagePeriod[] }> {
    return this.transport.json({ ...options, path: this.pathOf("monthly"), query });
  }

  /** What each phone number was used for, also those that were released. */
  byNumber(options: RequestOptions = {}): Promise<{ readonly data: readonly NumberUsage[] }> {
    return this.transport.json({ ...options, path: this.pathOf("by-number") });
  }

  /** What each agent did this month (or week, or year), the busiest first. */
  byAgent(query: QueryOf<"readUsageByAgent"> = {}, options: RequestOptions = {}): Promise<UsageByAgent> {
    return this.transport.json({ ...options, path: this.pathOf("by-agent"), query });
  }
}
