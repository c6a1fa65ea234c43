/** What a call that an agent places is made of, before anything rings. */
import { invalidField } from "../app-error.ts";
import type { DocumentStore } from "../documents/store.ts";
import { newId } from "../new-id.ts";
import { findForAgent } from "../phone-numbers/find-phone-number.ts";
import { isEmergencyNumber } from "../phone-numbers/is-emergency-number.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import { sipTrunkKind } from "../sip-trunks/sip-trunk.ts";
import type { Call, NewCall } from "./call.ts";
import { checkVariables } from "./check-variables.ts";
import { type AgentChoice, type AgentOfCall, chooseAgent, toCallAgent } from "./choose-agent.ts";
import type { CreateCallDeps } from "./create-call.ts";

export type PlaceCallRequest = Pick<NewCall, "variables" | "metadata" | "fromNumberId"> &
  Partial<Pick<NewCall, "callerId" | "ringTimeoutMs" | "headers" | "startAt" | "startBefore">> &
  AgentChoice & {
    readonly workspaceId: string;
    /** As the client wrote it. */
    readonly to: string;
    readonly sent?: Call["sent"];
    /** Refuses the call when a variable is missing. Default false. */
    readonly strict?: boolean;
  };

export type PreparedCall = {
  readonly call: Call & { readonly toNumber: string };
  readonly agent: AgentOfCall;
  readonly from: PhoneNumber;
  readonly missingVariables: readonly string[];
};

type Deps = Pick<CreateCallDeps, "agents" | "clock"> & {
  readonly phoneNumbers: PhoneNumberStore;
  readonly documents: Pick<DocumentStore, "find">;
};

/**
 * @param id of a call that has waited for its time
 * @throws AppError `invalid_request` naming `to`, `fromNumberId` or `callerId`; `not_found`, `agent_inactive`,
 *   `missing_variables`
 */
export async function prepareCall(deps: Deps, request: PlaceCallRequest, id?: string): Promise<PreparedCall> {
  const { workspaceId, variables, metadata, sent = {} } = request;
  const toNumber = toDestination(request.to);
  const agent = await chooseAgent(deps.agents, workspaceId, request, "deployed");
  const from = await chooseNumber(deps.phoneNumbers, request);
  const now = deps.clock.now();
  const call = {
    ...toCallAgent(agent),
    id: id ?? newId("call", now.getTime()),
    workspaceId,
    direction: "outbound" as const,
    fromNumber: await chooseCallerId(deps, request, from),
    toNumber,
    phoneNumberId: from.id,
    pace: "real" as const,
    ...{ variables, metadata, sent },
    status: "ringing" as const,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  return { call, agent, from, missingVariables: checkVariables(agent.settings, call, { isStrict: request.strict }) };
}

function toDestination(text: string): string {
  if (isEmergencyNumber(text))
    throw invalidField("to", "must not be an emergency or service number: agents never call those");
  const parsed = parsePhoneNumber(text)?.phoneNumber;
  if (parsed !== undefined) return parsed;
  // Numbering plans change: whether somebody has the number is the carrier's to say.
  if (/^\+[1-9]\d{6,14}$/.test(text)) return text;
  throw invalidField("to", "must be a phone number in E.164, such as +12125550100");
}

async function chooseNumber(store: PhoneNumberStore, request: PlaceCallRequest): Promise<PhoneNumber> {
  const { workspaceId, fromNumberId, agentId } = request;
  if (fromNumberId !== undefined) {
    const number = await store.find(workspaceId, fromNumberId);
    if (number?.status === "active") return number;
    throw invalidField("fromNumberId", "must be an active phone number of this workspace");
  }
  const own = agentId === undefined ? undefined : await findForAgent(store, workspaceId, agentId);
  const [any] = own === undefined ? await store.list(workspaceId, { status: "active", limit: 1 }) : [own];
  if (any === undefined)
    throw invalidField("fromNumberId", "the workspace has no phone number to call from: create one first");
  return any;
}

/** Nobody shows a number that isn't theirs, but where the trunk vouches for it. */
async function chooseCallerId(
  { phoneNumbers, documents }: Deps,
  { workspaceId, callerId }: PlaceCallRequest,
  from: PhoneNumber,
): Promise<string> {
  if (callerId === undefined) return from.phoneNumber;
  const shown = parsePhoneNumber(callerId)?.phoneNumber ?? callerId;
  if ((await phoneNumbers.findActive(shown))?.workspaceId === workspaceId) return shown;
  const kind = { workspaceId, kind: sipTrunkKind.name };
  const trunk = from.sipTrunkId === undefined ? undefined : await documents.find(kind, from.sipTrunkId);
  if (trunk?.document["allowsAnyCallerId"] === true) return shown;
  throw invalidField(
    "callerId",
    "must be an active number of this workspace, as the trunk doesn't allow any caller id",
  );
}
