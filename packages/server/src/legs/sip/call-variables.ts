const MAX_VARIABLES = 50;
const MAX_CHARACTERS = 2_000;

/** Of the network, and of use to an agent. */
const KNOWN = ["user-to-user", "diversion", "p-asserted-identity", "history-info"];

/**
 * The caller's own headers as variables of the call: `X-Customer-Id: 42` is `customer_id`, and `User-to-User` is `user_to_user`. What can't be one, for its
 * name or for being too long, is left out.
 */
export function toCallVariables(headers: {
  entries(): Iterable<readonly [name: string, values: readonly string[]]>;
}): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [header, values] of headers.entries()) {
    const own =
      /^x-([a-z][a-z0-9-]{0,63})$/i.exec(header)?.[1] ?? KNOWN.find((known) => known === header.toLowerCase());
    const name = own?.toLowerCase().replaceAll("-", "_");
    const value = values.join(", ");
    if (name === undefined || value.length > MAX_CHARACTERS || value.includes("\0")) continue;
    variables[name] = value;
    if (Object.keys(variables).length === MAX_VARIABLES) break;
  }
  return variables;
}
