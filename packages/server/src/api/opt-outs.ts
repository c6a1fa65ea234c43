import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { BY_HAND, newOptOutShape, optOutShape } from "../opt-outs/opt-out.ts";
import { findByNumber } from "../phone-numbers/find-phone-number.ts";
import { phoneNumberTextShape, toE164 } from "../phone-numbers/parse-phone-number.ts";
import { jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

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

const add = createRoute({
  method: "post",
  path: "/v1/opt-outs",
  operationId: "createOptOut",
  tags,
  summary: "Have somebody not be written to any more",
  description: "As if they had written STOP. Once more changes nothing.",
  request: jsonBody(newOptOutShape),
  responses: { 201: jsonContent(optOutShape, "What there is now."), ...PROBLEMS },
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

export function optOutRoutes({ optOuts, phoneNumbers, clock }: Pick<AppDeps, "optOuts" | "phoneNumbers" | "clock">) {
  return newRouter()
    .openapi(list, async (c) => {
      const { phoneNumber, limit } = c.req.valid("query");
      const number = phoneNumber === undefined ? {} : { phoneNumber: toE164(phoneNumber) };
      return c.json({ data: await optOuts.list(c.get("principal").workspaceId, { ...number, limit }) }, 200);
    })
    .openapi(add, async (c) => {
      const { workspaceId } = c.get("principal");
      const { phoneNumber, recipient } = c.req.valid("json");
      const number = await findByNumber(phoneNumbers, phoneNumber);
      if (number?.workspaceId !== workspaceId)
        throw new AppError("not_found", `there is no phone number "${phoneNumber}"`);
      const pair = { workspaceId, phoneNumber: number.phoneNumber, recipient: toE164(recipient) };
      return c.json(await optOuts.add({ ...pair, word: BY_HAND }, clock.now()), 201);
    })
    .openapi(remove, async (c) => {
      const { phoneNumber, recipient } = c.req.valid("query");
      const pair = { phoneNumber: toE164(phoneNumber), recipient: toE164(recipient) };
      const isRemoved = await optOuts.remove({ workspaceId: c.get("principal").workspaceId, ...pair });
      if (!isRemoved) throw new AppError("not_found", `${recipient} has not opted out of ${phoneNumber}`);
      return c.body(null, 204);
    });
}
