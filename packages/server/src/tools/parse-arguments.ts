/** The arguments as the model wrote them; undefined when they are no JSON object. None count as an empty one. */
export function parseArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** One argument, as text; "" when it isn't there or has no words. */
export function textArgument(text: string, name: string): string {
  const value = parseArguments(text)?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}
