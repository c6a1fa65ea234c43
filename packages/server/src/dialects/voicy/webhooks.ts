import { signWithPrefix } from "../../webhooks/signature.ts";
import { DAY_OF_RETRIES, UndeliverableError, type WebhookDialect } from "../../webhooks/webhook-dialect.ts";
import { linkToRecording, type RecordingDeps } from "./recording-links.ts";
import { showCall } from "./show-call.ts";
import { hasFunctions } from "./show-transcript.ts";

/** Of ours that Voicy tells, all as `call_ended`. */
export const VOICY_EVENTS = ["call.ended", "call.failed"] as const;

const TIMEOUT_MS = 30_000;

/** `call_ended`, with the whole call; signed over the body alone, and only where there is a secret. */
export const createVoicyWebhooks = (
  deps: RecordingDeps & { readonly publicUrl: string | undefined },
): WebhookDialect => ({
  name: "voicy",
  retries: DAY_OF_RETRIES,
  keepsOrder: false,
  timeoutMs: () => TIMEOUT_MS,
  eventName: (type) => (VOICY_EVENTS.some((told) => told === type) ? "call_ended" : undefined),
  async encode({ event: { subjectId }, eventName, load }) {
    const found = await load.call(subjectId);
    if (found === undefined) throw new UndeliverableError("the call was deleted");
    const { transcript: _transcript, turns: _turns, ...call } = found;
    const entries = (await load.journal?.(call.id)) ?? [];
    const agent = hasFunctions(entries) && call.agentId !== undefined ? await load.agent(call.agentId) : undefined;
    const recordingUrl = deps.publicUrl === undefined ? undefined : await linkToRecording(deps.publicUrl, deps, call);
    return {
      event: eventName,
      call: showCall(call, { account: undefined, entries, tools: agent?.tools ?? [], recordingUrl }),
    };
  },
  headers: ({ eventName, body, secrets }) => ({
    "x-voicy-event": eventName,
    ...(secrets[0] === undefined ? {} : { "x-voicy-signature": signWithPrefix(secrets[0], { body }) }),
  }),
});
