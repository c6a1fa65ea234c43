/** What routes read of a request. */
import type { Context } from "hono";
import type { z } from "zod";
import type { AppEnv } from "../../http/app-env.ts";
import { parseInput } from "../kit/open-dialect.ts";
import type { VendorObject } from "../kit/vendor-fields.ts";

const MAX_ID_LENGTH = 100;

/** The workspace of the key, or the sub-account that the request names. */
export function workspaceOf(c: Context<AppEnv>): string {
  return c.get("principal").workspaceId;
}

/** A part of the path; "", which names nothing, for what no id can be. */
export function pathPart(c: Context<AppEnv>, name: string): string {
  const given = c.req.param(name) ?? "";
  return given.length > MAX_ID_LENGTH || given.includes("\0") || !given.isWellFormed() ? "" : given;
}

/**
 * The body as the client wrote it, and as its shape reads it.
 * @throws AppError `malformed_json`, or `invalid_request` naming each wrong field
 */
export async function readBody<Shape extends z.ZodType>(
  c: Context<AppEnv>,
  shape: Shape,
): Promise<{ readonly sent: VendorObject; readonly given: z.output<Shape> }> {
  const text = await c.req.text();
  const sent = text.trim() === "" ? {} : (JSON.parse(text) as unknown);
  return { given: parseInput(shape, sent, ""), sent: sent as VendorObject };
}
