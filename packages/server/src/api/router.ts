import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppEnv } from "../http/app-env.ts";
import { problemShape, toInvalidRequest } from "./problem.ts";

export type Router = OpenAPIHono<AppEnv>;

/** A router whose failed validations become `invalid_request`. */
export function newRouter(): Router {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw toInvalidRequest(result.target, result.error);
    },
  });
}

export function jsonContent<Shape extends z.ZodType>(schema: Shape, description: string) {
  return { content: { "application/json": { schema } }, description };
}

export function jsonBody<Shape extends z.ZodType>(schema: Shape) {
  return { body: { content: { "application/json": { schema } }, required: true } };
}

/** What any operation may answer besides its own. */
export const PROBLEMS = {
  default: { content: { "application/problem+json": { schema: problemShape } }, description: "A problem." },
};

export function idParams(example: string) {
  return z.object({ id: z.string().max(64).meta({ example, description: "The id." }) });
}
