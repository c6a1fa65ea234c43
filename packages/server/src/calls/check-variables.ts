import type { AgentSettings } from "../agents/agent.ts";
import { findMissingVariables } from "../agents/known-values.ts";
import { parseValue } from "../agents/parse-value.ts";
import { AppError } from "../app-error.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { Call } from "./call.ts";

/**
 * Checks what a call brings along against what its agent expects.
 * @param options `isStrict`: refuses a call that lacks something, instead of telling what it lacks
 * @returns names that have neither a value nor a default
 * @throws AppError `invalid_request` naming the variable; `missing_variables`
 */
export function checkVariables(
  agent: AgentSettings,
  call: Call,
  options: { readonly isStrict?: boolean | undefined } = {},
): readonly string[] {
  const errors = agent.inputs.flatMap(({ name, type }) => {
    const given = call.variables[name];
    // An empty text is nothing given: what to do without it is the prompt's business.
    if (given === undefined || given === "") return [];
    const parsed = parseValue(type, given, { country: countryOf(call) });
    return parsed.isValid ? [] : [{ path: `variables.${name}`, message: parsed.problem }];
  });
  const [first] = errors;
  if (first !== undefined)
    throw new AppError("invalid_request", `${first.path}: ${first.message}`, { details: { errors } });
  const missing = findMissingVariables(agent, call);
  if (options.isStrict === true && missing.length > 0)
    throw new AppError("missing_variables", `the agent needs ${missing.join(", ")}: give them in variables`, {
      details: { errors: missing.map((name) => ({ path: `variables.${name}`, message: "is missing" })) },
    });
  return missing;
}

/** Of the one who isn't the agent: local numbers are meant as theirs. */
export function countryOf(call: Pick<Call, "direction" | "fromNumber" | "toNumber">): string | undefined {
  const number = call.direction === "outbound" ? call.toNumber : call.fromNumber;
  return number === undefined ? undefined : parsePhoneNumber(number)?.country;
}
