import { AppError } from "../../../app-error.ts";
import type { Call } from "../../../calls/call.ts";
import { placeCall } from "../../../calls/place-call.ts";
import { findByNumber } from "../../../phone-numbers/find-phone-number.ts";
import type { DialectDeps } from "../../kit/open-dialect.ts";
import { toOurMetadata } from "../metadata.ts";
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
    throw inWordcabsWords(error);
  }
}

async function findCaller(deps: DialectDeps, workspaceId: string, callerId: string): Promise<string> {
  const number = await findByNumber(deps.phoneNumbers, callerId);
  if (number?.workspaceId === workspaceId) return number.id;
  throw wrong("caller_id", "must be a phone number of this workspace");
}

const NAMES: Readonly<Record<string, string>> = { to: "phone_number", fromNumberId: "caller_id" };

function inWordcabsWords(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== "invalid_request") return error;
  const { errors } = error.details;
  const [first] = Array.isArray(errors) ? (errors as { path: string; message: string }[]) : [];
  const name = NAMES[first?.path ?? ""];
  return first === undefined || name === undefined ? error : wrong(name, first.message, error);
}

function wrong(path: string, message: string, cause?: unknown): AppError {
  return new AppError("invalid_request", `${path}: ${message}`, { details: { errors: [{ path, message }] }, cause });
}
