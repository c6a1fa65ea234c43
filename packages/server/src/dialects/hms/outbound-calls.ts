/** POST /calls/outbound, and POST /calls, by which older clients know it. */
import { AppError } from "../../app-error.ts";
import { placeCall } from "../../calls/place-call.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-codec.ts";
import { assistantChoiceShape, chooseAssistant } from "./call-assistant.ts";
import { toCallId } from "./call-id.ts";
import { fromVendorId, PREFIXES } from "./ids.ts";
import { invalid, parseBody } from "./parse.ts";

const shape = assistantChoiceShape.extend({
  destination: storableText({ min: 1, max: 40 }),
  number_id: storableText({ min: 1, max: 100 }).nullish(),
  first_message: storableText({ min: 1, max: 1000 }).nullish(),
});

const PATHS = ["/api/v1/calls/outbound", "/api/v1/calls"];

export function addOutboundCalls(app: DialectApp, deps: DialectDeps): void {
  for (const path of PATHS)
    app.post(path, async (c) => {
      const { workspaceId } = c.get("principal");
      const body = await parseBody(c, shape);
      const { sent, agentId, agent, overrides } = await chooseAssistant(deps.agents, workspaceId, body, {
        use: "deployed",
        firstMessage: body.first_message ?? undefined,
      });
      const fromNumberId = body.number_id ?? undefined;
      const call = await placeCall(deps, {
        workspaceId,
        agentId,
        agent,
        overrides,
        to: body.destination,
        ...(fromNumberId === undefined ? {} : { fromNumberId: fromVendorId(PREFIXES.number, fromNumberId) }),
        variables: {},
        metadata: {},
        sent: { [DIALECT]: sent },
      }).catch((error: unknown) => {
        throw inVendorWords(error);
      });
      const id = toCallId(call);
      return c.json({ success: true, call_id: id, status: "dialing", room_name: id });
    });
}

const FIELDS: Readonly<Record<string, string>> = { to: "destination", fromNumberId: "number_id" };

/** Our fields by their names there. */
function inVendorWords(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== "invalid_request") return error;
  const [first] = (error.details["errors"] ?? []) as readonly { path: string; message: string }[];
  const field = FIELDS[first?.path ?? ""];
  return field === undefined ? error : invalid(field, first?.message ?? "is not valid");
}
