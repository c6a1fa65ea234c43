type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Applies a JSON Merge Patch (RFC 7396): null removes, objects are merged, everything else is replaced.
 * @param whole names whose objects are replaced instead of merged
 */
export function mergePatch(target: JsonObject, patch: JsonObject, whole: ReadonlySet<string> = new Set()): JsonObject {
  const merged: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const current = merged[key];
    if (value === null) delete merged[key];
    else if (isObject(value) && !whole.has(key))
      merged[key] = mergePatch(isObject(current) ? current : {}, value, whole);
    else merged[key] = value;
  }
  return merged;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
