import { SystemClock } from "@earshot/engine";
import { createRoute } from "@hono/zod-openapi";
import { AppError } from "../app-error.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { newReplayShape, replayShape } from "../replays/replay.ts";
import { replayCall } from "../replays/replay-call.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

/** At once, on this node: each holds a whole call in memory and may keep a language model busy. */
const MAX_REPLAYS = 2;

const create = createRoute({
  method: "post",
  path: "/v1/calls/{id}/replays",
  operationId: "replayCall",
  tags: ["calls"],
  summary: "Hold a recorded call again with another agent or version, and compare",
  description:
    "The caller says what was said then, when it was said then. Tools are never run: they answer as they did. A language " +
    "model is asked only for what it was not asked then, which takes its time. Nothing is stored.",
  request: { params: idParams("call_0mh3k2x9a4n8c1d5e7f9g0a"), ...jsonBody(newReplayShape) },
  responses: { 200: jsonContent(replayShape, "The comparison, turn by turn."), ...PROBLEMS },
});

export function replayRoutes(deps: Pick<AppDeps, "calls" | "agents" | "complete" | "knows" | "clock">) {
  const callClock = new SystemClock();
  let running = 0;
  return newRouter().openapi(create, async (c) => {
    const { workspaceId } = c.get("principal");
    if (running >= MAX_REPLAYS)
      throw new AppError(
        "rate_limited",
        `${MAX_REPLAYS} replays are under way on this node; try again when one is done`,
      );
    running++;
    try {
      const replay = { ...c.req.valid("json"), signal: c.req.raw.signal };
      return c.json(await replayCall({ ...deps, callClock }, { workspaceId, ...c.req.valid("param") }, replay), 200);
    } finally {
      running--;
    }
  });
}
