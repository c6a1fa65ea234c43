/** Reading what HMS clients send: as the kit does, with HMS's word for what is missing. */
import type { Context } from "hono";
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { REQUIRED } from "./errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body as an object. @throws AppError `malformed_json`; `invalid_request` for anything but an object */
export async function readObject(c: Context<AppEnv>): Promise<JsonObject> {
  const text = await c.req.text();
  const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("", "the body must be a JSON object");
  return value as JsonObject;
}

/** @throws AppError `invalid_request` naming each wrong field */
export function check<Shape extends z.ZodType>(shape: Shape, input: unknown, prefix = ""): z.output<Shape> {
  const parsed = shape.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => {
    const path = `${prefix}${issue.path.join(".")}`;
    return { path, message: valueAt(input, issue.path) === undefined ? REQUIRED : issue.message };
  });
  const [first] = errors;
  throw new AppError("invalid_request", describe(first?.path ?? "", first?.message ?? "is not valid"), {
    details: { errors },
  });
}

export async function parseBody<Shape extends z.ZodType>(c: Context<AppEnv>, shape: Shape): Promise<z.output<Shape>> {
  return check(shape, await readObject(c));
}

export function parseQuery<Shape extends z.ZodType>(c: Context<AppEnv>, shape: Shape): z.output<Shape> {
  return check(shape, c.req.query(), "query.");
}

export function invalid(path: string, message: string): AppError {
  return new AppError("invalid_request", describe(path, message), { details: { errors: [{ path, message }] } });
}

/** limit 50, at most 100, and offset, as all of its lists. */
export const pagingShape = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

function describe(path: string, message: string): string {
  const field = path.replace(/^query\./, "");
  return field === "" ? message : `${field} ${message}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return value;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
