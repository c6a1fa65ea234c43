import type { Context } from "hono";
import { AppError } from "../app-error.ts";

const MAX_DEPTH = 64;

/**
 * Refuses JSON that could not be kept: nested without end, or with text that a database can't hold. An empty body is an
 * empty object: clients announce JSON also where they send none.
 */
export async function requireStorableJson(c: Context): Promise<void> {
  if (c.req.header("Content-Type")?.includes("json") !== true) return;
  const text = await c.req.text();
  if (text.trim() === "") Object.assign(c.req.bodyCache, { text: Promise.resolve("{}") });
  else checkStorable(parse(text), "", 0);
}

function parse(text: string): unknown {
  const parsed = tryParse(text);
  if (parsed === undefined) throw new AppError("malformed_json", "the body is not valid JSON");
  return parsed;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkStorable(value: unknown, path: string, depth: number): void {
  if (typeof value === "string") return checkText(value, path);
  if (typeof value !== "object" || value === null) return;
  if (depth >= MAX_DEPTH) throw invalid(path, `must not be nested deeper than ${MAX_DEPTH} levels`);
  for (const [name, inner] of Object.entries(value)) {
    const innerPath = path === "" ? name : `${path}.${name}`;
    checkText(name, innerPath);
    checkStorable(inner, innerPath, depth + 1);
  }
}

function checkText(text: string, path: string): void {
  if (text.includes("\0") || !text.isWellFormed()) throw invalid(path, "must not contain NUL or broken characters");
}

function invalid(path: string, message: string): AppError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new AppError("invalid_request", `${shown || "the body"}: ${message}`, {
    details: { errors: [{ path: shown, message }] },
  });
}
