import { isToken, quote, splitOutside, unquote } from "./grammar.ts";
import { SipError } from "./sip-error.ts";

/** Parameters by lower-case name; a flag such as `lr` has no value. Quotes are taken off. */
export type Params = ReadonlyMap<string, string | undefined>;

/** Reads `name`, `name=value` and `name="value"`. The first of two with one name counts. */
export function parseParams(parts: readonly string[], field: string): Map<string, string | undefined> {
  const params = new Map<string, string | undefined>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name === "" || /[\s"<>]/.test(name)) {
      throw new SipError({ code: "bad_header", field, message: `${field} has a parameter without a name` });
    }
    if (!params.has(name)) params.set(name, equals < 0 ? undefined : unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

/** Reads what follows the first `;`. */
export function parseParamText(text: string, field: string): Map<string, string | undefined> {
  return parseParams(splitOutside(text, ";", field), field);
}

/** Writes header parameters, quoting what isn't a token or host. */
export function formatParams(params: Params): string {
  let text = "";
  for (const [name, value] of params) {
    if (value === undefined) text += `;${name}`;
    else text += `;${name}=${isToken(value) || /^[[\]:A-Za-z0-9.]+$/.test(value) ? value : quote(value)}`;
  }
  return text;
}

/** A copy with one parameter set or, with no value given, made a flag. */
export function withParam(params: Params, name: string, value?: string): Params {
  return new Map(params).set(name, value);
}

/** A copy without one parameter. */
export function withoutParam(params: Params, name: string): Params {
  const rest = new Map(params);
  rest.delete(name);
  return rest;
}
