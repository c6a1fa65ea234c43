import type { UsagePeriod } from "@earshot/sdk";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";

type PeriodOptions = JsonOption & { readonly timeZone?: string; readonly days?: number; readonly months?: number };
type AgentOptions = PeriodOptions & { readonly period?: "week" | "month" | "year" };

const TIME_ZONE = ["--time-zone <name>", "whose days they are, e.g. Europe/Amsterdam (default UTC)"] as const;
const COUNTS = ["CALLS", "MINUTES", "MESSAGES"];

const addVerbs: AddCommands = (parent, { terminal, client: { usage } }) => {
  const add = (name: string, about: string): Command =>
    parent
      .command(name)
      .description(about)
      .option(...JSON_OPTION);

  add("totals", "of all time, and of the last day, week and month").action(async ({ json }: JsonOption) => {
    const totals = await usage.get();
    printResult(terminal, json, totals, () => JSON.stringify(totals, undefined, 2));
  });
  add("daily", "each of the last days")
    .option("--days <number>", "how many, 1 to 365 (default 30)", parseCount)
    .option(...TIME_ZONE)
    .action(async ({ json, days, timeZone }: PeriodOptions) => {
      const series = await usage.daily({ days, timeZone });
      printResult(terminal, json, series, () => toPeriods(series.data));
    });
  add("monthly", "each of the last months")
    .option("--months <number>", "how many, 1 to 60 (default 6)", parseCount)
    .option(...TIME_ZONE)
    .action(async ({ json, months, timeZone }: PeriodOptions) => {
      const series = await usage.monthly({ months, timeZone });
      printResult(terminal, json, series, () => toPeriods(series.data));
    });
  add("by-number", "what each phone number was used for").action(async ({ json }: JsonOption) => {
    const used = await usage.byNumber();
    const rows = used.data.map((one) => [one.phoneNumber, one.agentName ?? "", ...toCounts(one)]);
    printResult(terminal, json, used, () => toTable(["NUMBER", "AGENT", ...COUNTS], rows, "No phone numbers."));
  });
  add("by-agent", "what each agent did, the busiest first")
    .addOption(new Option("--period <period>", "this one (default month)").choices(["week", "month", "year"]))
    .option(...TIME_ZONE)
    .action(async ({ json, period, timeZone }: AgentOptions) => {
      const used = await usage.byAgent({ period, timeZone });
      const rows = used.data.map((one) => [one.agentName ?? one.agentId ?? "(none)", ...toCounts(one)]);
      printResult(terminal, json, used, () => toTable(["AGENT", ...COUNTS], rows, "No agent did anything."));
    });
};

export const usageNoun = defineNoun({
  name: "usage",
  one: "use",
  about: "how much the workspace talks and writes",
  of: () => ({}),
  columns: {},
  addMore: addVerbs,
});

function toPeriods(periods: readonly UsagePeriod[]): string {
  const rows = periods.map((one) => [one.period, ...toCounts(one)]);
  return toTable(["PERIOD", ...COUNTS], rows, "Nothing yet.");
}

function toCounts({ calls, callMs, messages }: Pick<UsagePeriod, "calls" | "callMs" | "messages">): string[] {
  return [String(calls), (callMs / 60_000).toFixed(1), String(messages)];
}

function parseCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return count;
}
