/** Outbound calls. */
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { type PlaceCallDeps, placeCall } from "../../calls/place-call.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorObject } from "../kit/vendor-fields.ts";
import { E164_TEXT, voicyError } from "./errors.ts";
import { fromVoicyId, toVoicyId } from "./voicy-id.ts";

const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, E164_TEXT);
const values = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must be names of letters, digits and _, at most 64"),
    z.union([storableText({ max: 2000 }), z.number(), z.boolean(), z.null()]),
  )
  .refine((all) => Object.keys(all).length <= 50, "must have at most 50 entries");

/** Both generations' names for the variables are taken. */
export const dialShape = z.looseObject({
  from_number: e164,
  to_number: e164,
  override_agent_id: storableText({ max: 200 }).nullish(),
  vars_provided: values.nullish(),
  dynamic_variables: values.nullish(),
});

/**
 * Places a call with the agent that is named, or the number's own.
 * @throws AppError with Voicy's texts when the number isn't the workspace's, or has no agent, and those of `placeCall`
 */
export async function dial(
  deps: PlaceCallDeps,
  workspaceId: string,
  sent: z.infer<typeof dialShape>,
): Promise<VendorObject> {
  const from = await deps.phoneNumbers.findActive(sent.from_number);
  if (from?.workspaceId !== workspaceId)
    throw voicyError("not_found", "Phone number not found or not assigned to your account");
  const agentId = sent.override_agent_id ? fromVoicyId("agt", sent.override_agent_id) : from.agentId;
  if (agentId === undefined)
    throw voicyError("invalid_request", "No agent is assigned to this phone number. Give override_agent_id.");
  if (agentId === "") throw new AppError("not_found", `there is no agent "${agentId}"`);
  const given = { ...sent.dynamic_variables, ...sent.vars_provided };
  const variables = Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
  const request = { workspaceId, agentId, fromNumberId: from.id, to: sent.to_number, metadata: {} };
  const call = await placeCall(deps, { ...request, variables: Object.fromEntries(variables) });
  return {
    call_id: toVoicyId(call.id),
    call_status: "initiated",
    call_type: "phone_call",
    agent_id: toVoicyId(agentId),
    from_number: sent.from_number,
    to_number: sent.to_number,
    direction: "outgoing",
  };
}
