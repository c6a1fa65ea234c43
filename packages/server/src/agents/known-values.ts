/** What the placeholders of an agent's texts stand for in one call. */

import type { Call } from "../calls/call.ts";
import { toEpochMs } from "../wall-clock.ts";
import type { AgentSettings } from "./agent.ts";
import { BUILT_IN_NAMES, builtIns } from "./placeholders/built-ins.ts";
import { findMissing, type Known, placeholdersOf } from "./placeholders/fill-placeholders.ts";
import { isFilter } from "./placeholders/filters.ts";
import { isTimeZone } from "./placeholders/moments.ts";

type CallFacts = Pick<Call, "id" | "direction" | "createdAt" | "variables"> &
  Partial<Pick<Call, "fromNumber" | "toNumber">>;

/** Values that were given for the call, or are its agent's defaults. */
export function givenValues(agent: AgentSettings, variables: Call["variables"]): Readonly<Record<string, string>> {
  const defaults = agent.inputs.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]));
  return { ...Object.fromEntries(defaults), ...variables };
}

/**
 * Given values stand before built-in ones. The time is that of the call's creation, in the zone of its variable
 * `time_zone` or `timezone`, else UTC; numbers and dates are written as the agent's language does.
 */
export function toKnown(agent: AgentSettings, call: CallFacts): Known {
  const given = new Map(Object.entries(givenValues(agent, call.variables)));
  const nowMs = toEpochMs(call.createdAt);
  const known = builtIns(agent, call, nowMs);
  const zone = given.get("time_zone") ?? given.get("timezone") ?? "UTC";
  return {
    nowMs,
    locale: toLocale(agent.language),
    timeZone: isTimeZone(zone) ? zone : "UTC",
    find: (name) => given.get(name) ?? known.get(name),
  };
}

function toLocale(language: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([language])[0] ?? "en-US";
  } catch {
    return "en-US";
  }
}

/** Texts of an agent that may hold placeholders, by the setting that they are. */
function textsOf(agent: AgentSettings): ReadonlyMap<string, string> {
  const { greeting, silence } = agent;
  const texts: Readonly<Record<string, string | undefined>> = {
    prompt: agent.prompt,
    "greeting.text": greeting.mode === "static" ? greeting.text : undefined,
    outboundGreeting: agent.outboundGreeting,
    ...Object.fromEntries(agent.notes.map((note, index) => [`notes.${index}`, note])),
    "silence.reminder": silence.reminder,
    "silence.goodbye": silence.goodbye,
    maxDurationGoodbye: agent.maxDurationGoodbye,
    "maxDurationWarning.text": agent.maxDurationWarning?.text,
    failureGoodbye: agent.failureGoodbye,
    apology: agent.apology,
  };
  return new Map(Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])));
}

/** Inputs without a value and names in the agent's texts that nothing fills, each once. */
export function findMissingVariables(agent: AgentSettings, call: CallFacts): string[] {
  const known = toKnown(agent, call);
  const given = givenValues(agent, call.variables);
  const inputs = agent.inputs.map(({ name }) => name).filter((name) => given[name] === undefined);
  return [...new Set([...inputs, ...findMissing([...textsOf(agent).values()], known)])];
}

export type PlaceholderProblem = {
  /** The setting, such as "greeting.text". */
  readonly field: string;
  readonly kind: "unknown_variable" | "unknown_filter";
  readonly name: string;
};

/** What an agent's texts ask for that only a call could bring, and filters that there aren't. */
export function findPlaceholderProblems(agent: AgentSettings): PlaceholderProblem[] {
  const inputs = new Set(agent.inputs.map(({ name }) => name));
  return [...textsOf(agent)].flatMap(([field, text]) =>
    placeholdersOf(text).flatMap(({ operand, filters }) => {
      const hasDefault = filters.some(({ name }) => name === "default");
      const isKnown =
        operand.kind === "literal" || hasDefault || inputs.has(operand.name) || BUILT_IN_NAMES.has(operand.name);
      const filterProblems = filters
        .filter(({ name }) => !isFilter(name))
        .map(({ name }) => ({ field, kind: "unknown_filter", name }) as const);
      return isKnown
        ? filterProblems
        : [{ field, kind: "unknown_variable", name: operand.name } as const, ...filterProblems];
    }),
  );
}
