import { invalidField } from "../../../app-error.ts";
import type { Call } from "../../../calls/call.ts";
import { placeCall } from "../../../calls/place-call.ts";
import { findByNumber } from "../../../phone-numbers/find-phone-number.ts";
import type { DialectDeps } from "../../kit/open-dialect.ts";
import { toOurMetadata } from "../metadata.ts";
import { renameFields } from "../rename-fields.ts";
import { type NewWordcabCall, toVariables } from "./call-shape.ts";

type Request = { readonly agentId: string; readonly body: NewWordcabCall };

/**
 * Places a phone call as Wordcab's clients order it.
 * @throws AppError as `placeCall`, with Wordcab's names of fields
 */
export async function startCall(deps: DialectDeps, workspaceId: string, { agentId, body }: Request): Promise<Call> {
  const { phone_number: to, context, max_duration: maxDurationS, record, caller_id: callerId, metadata } = body;
  const fromNumberId = callerId ? await findCaller(deps, workspaceId, callerId) : undefined;
  try {
    return await placeCall(deps, {
      workspaceId,
      agentId,
      to,
      ...(fromNumberId === undefined ? {} : { fromNumberId }),
      overrides: { isRecorded: record, maxDurationMs: maxDurationS * 1000 },
      variables: toVariables(context ?? {}),
      metadata: toOurMetadata(metadata ?? {}),
      sent: { wordcab: body },
    });
  } catch (error) {
    throw renameFields(error, { to: "phone_number", fromNumberId: "caller_id" });
  }
}

async function findCaller(deps: DialectDeps, workspaceId: string, callerId: string): Promise<string> {
  const number = await findByNumber(deps.phoneNumbers, callerId);
  if (number?.workspaceId === workspaceId) return number.id;
  throw invalidField("caller_id", "must be a phone number of this workspace");
}
