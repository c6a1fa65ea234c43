import { createRoute } from "@hono/zod-openapi";
import type { z } from "zod";
import { injectContextShape, muteShape, sayShape, transferShape } from "../calls/call-order.ts";
import { injectContext } from "../calls/inject-context.ts";
import { muteCall } from "../calls/mute-call.ts";
import { sayInCall } from "../calls/say-in-call.ts";
import { transferCall } from "../calls/transfer-call.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { idParams, jsonBody, newRouter, PROBLEMS } from "./router.ts";

function order<Shape extends z.ZodType>(verb: string, operationId: string, summary: string, shape: Shape) {
  return createRoute({
    method: "post",
    path: `/v1/calls/{id}/${verb}`,
    operationId,
    tags: ["calls"],
    summary,
    description: "Only while the call is under way.",
    request: { params: idParams("call_01k9q0w3e4r5t6y7v8b9n0m1a2"), ...jsonBody(shape) },
    responses: { 204: { description: "Handed on to the call." }, ...PROBLEMS },
  });
}

const say = order("say", "sayInCall", "Have the agent say something at once", sayShape);
const inject = order("context", "injectContext", "Tell the language model something", injectContextShape);
const mute = order("mute", "muteCall", "Silence the agent, or let it speak again", muteShape);
const transfer = order("transfer", "transferCall", "Hand the caller on to somebody else", transferShape);

export function callControlRoutes(deps: Pick<AppDeps, "calls" | "control">) {
  return newRouter()
    .openapi(say, async (c) => {
      const { workspaceId } = c.get("principal");
      await sayInCall(deps, { workspaceId, ...c.req.valid("param") }, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(inject, async (c) => {
      const { workspaceId } = c.get("principal");
      await injectContext(deps, { workspaceId, ...c.req.valid("param") }, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(mute, async (c) => {
      const { workspaceId } = c.get("principal");
      await muteCall(deps, { workspaceId, ...c.req.valid("param") }, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(transfer, async (c) => {
      const { workspaceId } = c.get("principal");
      await transferCall(deps, { workspaceId, ...c.req.valid("param") }, c.req.valid("json"));
      return c.body(null, 204);
    });
}
