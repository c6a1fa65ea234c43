const MAX_VARIABLES = 50;
const MAX_CHARACTERS = 2_000;

/**
 * The caller's own headers as variables of the call: `X-Customer-Id: 42` is `customer_id`. What can't be one, for its
 * name or for being too long, is left out.
 */
export function toCallVariables(headers: {
  entries(): Iterable<readonly [name: string, values: readonly string[]]>;
}): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [header, values] of headers.entries()) {
    const name = /^x-([a-z][a-z0-9-]{0,63})$/i.exec(header)?.[1]?.toLowerCase().replaceAll("-", "_");
    const value = values.join(", ");
    if (name === undefined || value.length > MAX_CHARACTERS || value.includes("\0")) continue;
    variables[name] = value;
    if (Object.keys(variables).length === MAX_VARIABLES) break;
  }
  return variables;
}
