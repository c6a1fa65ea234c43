import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { optOutShape } from "../opt-outs/opt-out.ts";
import { phoneNumberTextShape, toE164 } from "../phone-numbers/parse-phone-number.ts";
import { jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["opt-outs"];
const MAX_LISTED = 200;

const list = createRoute({
  method: "get",
  path: "/v1/opt-outs",
  operationId: "listOptOuts",
  tags,
  summary: "List who must not be written to, newest first",
  request: {
    query: z.object({
      phoneNumber: phoneNumberTextShape.optional(),
      limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(MAX_LISTED),
    }),
  },
  responses: {
    200: jsonContent(z.object({ data: z.array(optOutShape) }).meta({ id: "OptOuts" }), "Opt-outs."),
    ...PROBLEMS,
  },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/opt-outs",
  operationId: "deleteOptOut",
  tags,
  summary: "Allow somebody to be written to again",
  description: "Only with their consent. The carrier may keep a list of its own.",
  request: {
    query: z.object({
      phoneNumber: phoneNumberTextShape,
      recipient: z.string().min(1).max(320),
    }),
  },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

export function optOutRoutes({ optOuts }: Pick<AppDeps, "optOuts">) {
  return newRouter()
    .openapi(list, async (c) => {
      const { phoneNumber, limit } = c.req.valid("query");
      const number = phoneNumber === undefined ? {} : { phoneNumber: toE164(phoneNumber) };
      return c.json({ data: await optOuts.list(c.get("principal").workspaceId, { ...number, limit }) }, 200);
    })
    .openapi(remove, async (c) => {
      const { phoneNumber, recipient } = c.req.valid("query");
      const pair = { phoneNumber: toE164(phoneNumber), recipient: toE164(recipient) };
      const isRemoved = await optOuts.remove({ workspaceId: c.get("principal").workspaceId, ...pair });
      if (!isRemoved) throw new AppError("not_found", `${recipient} has not opted out of ${phoneNumber}`);
      return c.body(null, 204);
    });
}
