import { quote, splitOutside } from "../message/grammar.ts";
import { type Params, parseParams } from "../message/params.ts";
import { SipError } from "../message/sip-error.ts";

/** The parameters of a `Digest …` header value, or undefined for another scheme or broken grammar. */
export function parseDigestHeader(value: string): Params | undefined {
  const match = /^\s*Digest\s+(.*)$/is.exec(value);
  if (match?.[1] === undefined) return undefined;
  try {
    return parseParams(splitOutside(match[1], ",", "digest"), "digest");
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/** Written bare, as RFC 7616 section 3.4 wants them. */
const UNQUOTED: ReadonlySet<string> = new Set(["algorithm", "nc", "stale"]);

/** @param isAnswer true for credentials, whose qop stands without quotes */
export function formatDigestHeader(params: Readonly<Record<string, string | undefined>>, isAnswer: boolean): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const isBare = UNQUOTED.has(name) || (isAnswer && name === "qop");
    parts.push(`${name}=${isBare ? value : quote(value)}`);
  }
  return `Digest ${parts.join(", ")}`;
}
