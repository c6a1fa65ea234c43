/** POST /calls/{id}/control: orders to a call that is in progress. */
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { injectContextShape, sayShape, transferShape } from "../../calls/call-order.ts";
import { endCall } from "../../calls/end-call.ts";
import { injectContext } from "../../calls/inject-context.ts";
import { requireCall } from "../../calls/read-call.ts";
import { sayInCall } from "../../calls/say-in-call.ts";
import { transferCall } from "../../calls/transfer-call.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { fromCallId } from "./call-id.ts";
import { statusOf } from "./call-view.ts";
import { ControlLimit } from "./control-limit.ts";
import { invalid, parseBody } from "./parse.ts";

const spoken = sayShape.shape.text;
const message = spoken.nullish();

const commandShapes = {
  "inject-context": z.looseObject({
    type: z.literal("inject-context"),
    content: injectContextShape.shape.content,
    trigger_response: z.boolean().nullish(),
  }),
  say: z.looseObject({ type: z.literal("say"), content: spoken, end_after: z.boolean().nullish() }),
  "end-call": z.looseObject({ type: z.literal("end-call"), message }),
  transfer: z.looseObject({ type: z.literal("transfer"), destination: transferShape.shape.destination, message }),
};

const commandShape = z.discriminatedUnion(
  "type",
  [commandShapes["inject-context"], commandShapes.say, commandShapes["end-call"], commandShapes.transfer],
  "must be inject-context, say, end-call or transfer",
);

type Command = z.output<typeof commandShape>;

export function addCallControl(app: DialectApp, deps: DialectDeps): void {
  const limit = new ControlLimit(deps.clock);
  app.post("/api/v1/calls/:id/control", async (c) => {
    const command = await parseBody(c, commandShape);
    const { workspaceId } = c.get("principal");
    const call = await requireCall(deps.calls, workspaceId, fromCallId(c.req.param("id")));
    limit.count(call.id);
    if (call.status !== "active")
      throw new AppError("call_not_live", `the call must be in-progress: it is ${statusOf(call)}`);
    return c.json({ success: true, message: await obey(deps, { workspaceId, id: call.id }, command) });
  });
}

type Ref = { readonly workspaceId: string; readonly id: string };

async function obey(deps: DialectDeps, call: Ref, command: Command): Promise<string> {
  switch (command.type) {
    case "inject-context":
      await injectContext(deps, call, { content: command.content, shouldReply: command.trigger_response ?? false });
      return "Context injected";
    case "say":
      await sayInCall(deps, call, { text: command.content, endAfter: command.end_after ?? false });
      return "The assistant says it now";
    case "end-call":
      if (isSpoken(command.message)) await sayInCall(deps, call, { text: command.message, endAfter: true });
      else await endCall(deps, call);
      return "The call is ending";
    case "transfer":
      if (command.destination === "") throw invalid("destination", "is required");
      await transferCall(deps, call, {
        ...{ destination: command.destination, mode: "cold" },
        ...(isSpoken(command.message) ? { message: command.message } : {}),
      });
      return "The call is being transferred";
  }
}

function isSpoken(text: string | null | undefined): text is string {
  return text !== null && text !== undefined;
}
