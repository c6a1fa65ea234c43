import type { Context } from "hono";
import type { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { parseInput } from "../kit/open-dialect.ts";

/**
 * Reads a form with a file in it.
 * @param name the field that the file is in
 * @throws AppError `invalid_request` for a body that is no form, a missing file, or wrong fields
 */
export async function readUpload<Shape extends z.ZodType>(
  c: Context<AppEnv>,
  name: string,
  shape: Shape,
): Promise<{ readonly file: Uint8Array<ArrayBuffer>; readonly fields: z.output<Shape> }> {
  const form = await readForm(c);
  const file = form.get(name);
  if (!(file instanceof File)) throw missing(name);
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const fields = parseInput(shape, Object.fromEntries(texts), "");
  return { file: new Uint8Array(await file.arrayBuffer()), fields };
}

async function readForm(c: Context<AppEnv>): Promise<FormData> {
  try {
    return await c.req.formData();
  } catch (error) {
    throw notAForm(error);
  }
}

function notAForm(cause: unknown): AppError {
  return new AppError("invalid_request", "the body is not a form: send multipart/form-data", { cause });
}

function missing(path: string): AppError {
  const message = "must be a file: received undefined";
  return new AppError("invalid_request", `${path}: ${message}`, {
    details: { errors: [{ path, message, code: "invalid_type" }] },
  });
}
