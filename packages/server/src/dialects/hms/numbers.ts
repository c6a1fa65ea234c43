/** /numbers: who answers which number. */
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { createPhoneNumber } from "../../phone-numbers/create-phone-number.ts";
import { newPhoneNumberShape, type PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { readPhoneNumber } from "../../phone-numbers/read-phone-number.ts";
import { releasePhoneNumber } from "../../phone-numbers/release-phone-number.ts";
import { updatePhoneNumber } from "../../phone-numbers/update-phone-number.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-codec.ts";
import { fromVendorId, PREFIXES, toVendorId, toVendorIdOrNull } from "./ids.ts";
import { type JsonObject, parseBody } from "./parse.ts";

/** Lists of numbers have no pages there. */
const MAX_LISTED = 1000;

const id = storableText({ min: 1, max: 100 }).nullish();

const patchShape = z.looseObject({
  name: storableText({ min: 1, max: 200 }).nullish(),
  assistant_id: id,
  agent_id: id,
  transfer_trunk_id: id,
  workflow_id: id,
  is_active: z.boolean().optional(),
});
const newShape = patchShape.extend({ phone_number: newPhoneNumberShape.shape.phoneNumber.unwrap() });

type Patch = z.output<typeof patchShape>;

export function addNumbers(app: DialectApp, deps: DialectDeps): void {
  const find = async (workspaceId: string, given: string) => {
    const number = await readPhoneNumber(deps.phoneNumbers, workspaceId, fromVendorId(PREFIXES.number, given));
    if (number.status === "released") throw new AppError("not_found", `there is no phone number "${given}"`);
    return number;
  };
  const show = async (workspaceId: string, numbers: readonly PhoneNumber[]) => {
    const names = await namesOf(deps, workspaceId, numbers);
    return numbers.map((number) => showNumber(number, names));
  };

  app.get("/api/v1/numbers", async (c) => {
    const { workspaceId } = c.get("principal");
    const numbers = await deps.phoneNumbers.list(workspaceId, { status: "active", limit: MAX_LISTED });
    return c.json({ numbers: await show(workspaceId, numbers) });
  });

  app.post("/api/v1/numbers", async (c) => {
    const { workspaceId } = c.get("principal");
    const { phone_number: phoneNumber, ...body } = await parseBody(c, newShape);
    const { name, agentId, workflowId, sipTrunkId } = withoutNulls(toPatch(body));
    const settings = newPhoneNumberShape.parse({ phoneNumber, name, agentId, workflowId, sipTrunkId });
    const number = await createPhoneNumber(deps, workspaceId, { ...settings, sent: { [DIALECT]: toSent(body) } });
    const [shown] = await show(workspaceId, [number]);
    return c.json({ number: shown }, 201);
  });

  app.get("/api/v1/numbers/:id", async (c) => {
    const { workspaceId } = c.get("principal");
    const [number] = await show(workspaceId, [await find(workspaceId, c.req.param("id"))]);
    return c.json({ number });
  });

  app.patch("/api/v1/numbers/:id", async (c) => {
    const { workspaceId } = c.get("principal");
    const body = await parseBody(c, patchShape);
    const current = await find(workspaceId, c.req.param("id"));
    const sent = { [DIALECT]: { ...current.sent[DIALECT], ...toSent(body) } };
    const changed = await updatePhoneNumber(deps, workspaceId, { id: current.id, patch: toPatch(body), sent });
    const [number] = await show(workspaceId, [changed]);
    return c.json({ number });
  });

  app.delete("/api/v1/numbers/:id", async (c) => {
    const { workspaceId } = c.get("principal");
    const { id: numberId } = await find(workspaceId, c.req.param("id"));
    await releasePhoneNumber(deps, workspaceId, numberId);
    return c.json({ success: true });
  });
}

function toPatch(body: Patch) {
  const agentId = body.assistant_id === undefined ? body.agent_id : body.assistant_id;
  const { transfer_trunk_id: trunkId, workflow_id: workflowId, name } = body;
  return {
    ...(name === undefined ? {} : { name }),
    ...(agentId === undefined ? {} : { agentId: toId(PREFIXES.agent, agentId) }),
    ...(workflowId === undefined ? {} : { workflowId: toId(PREFIXES.workflow, workflowId) }),
    ...(trunkId === undefined ? {} : { sipTrunkId: toId(PREFIXES.sipTrunk, trunkId) }),
  };
}

function toId(prefix: string, given: string | null): string | null {
  return given === null ? null : fromVendorId(prefix, given);
}

/** What has no place of its own. */
function toSent(body: Patch): JsonObject {
  const { name: _, assistant_id: __, agent_id: ___, transfer_trunk_id: ____, workflow_id: _____, ...rest } = body;
  return rest;
}

type Names = {
  readonly agents: ReadonlyMap<string, { name: string; businessName: string }>;
  readonly documents: ReadonlyMap<string, string>;
};

async function namesOf(deps: DialectDeps, workspaceId: string, numbers: readonly PhoneNumber[]): Promise<Names> {
  const unique = (ids: readonly (string | undefined)[]) => [...new Set(ids.filter((each) => each !== undefined))];
  const agents = await Promise.all(
    unique(numbers.map(({ agentId }) => agentId)).map((agentId) => deps.agents.find(workspaceId, agentId)),
  );
  const documents = await Promise.all([
    ...unique(numbers.map(({ sipTrunkId }) => sipTrunkId)).map((each) =>
      deps.documents.find({ workspaceId, kind: "sip_trunk" }, each),
    ),
    ...unique(numbers.map(({ workflowId }) => workflowId)).map((each) =>
      deps.documents.find({ workspaceId, kind: "workflow" }, each),
    ),
  ]);
  return {
    agents: new Map(agents.flatMap((stored) => (stored === undefined ? [] : [[stored.agent.id, stored.agent]]))),
    documents: new Map(
      documents.flatMap((stored) => (stored === undefined ? [] : [[stored.id, String(stored.document["name"])]])),
    ),
  };
}

function showNumber(number: PhoneNumber, { agents, documents }: Names): object {
  const agent = agents.get(number.agentId ?? "");
  const agentId = toVendorIdOrNull(number.agentId);
  const agentName = agent?.name ?? null;
  return {
    id: toVendorId(number.id),
    phone_number: number.phoneNumber,
    name: number.name ?? null,
    agent_id: agentId,
    assistant_id: agentId,
    agent_name: agentName,
    assistant_name: agentName,
    business_name: agent === undefined || agent.businessName === "" ? null : agent.businessName,
    transfer_trunk_id: toVendorIdOrNull(number.sipTrunkId),
    transfer_trunk_name: documents.get(number.sipTrunkId ?? "") ?? null,
    workflow_id: toVendorIdOrNull(number.workflowId),
    workflow_name: documents.get(number.workflowId ?? "") ?? null,
    source: number.source,
    is_active: true,
    ...number.sent[DIALECT],
    created_at: number.createdAt,
    updated_at: number.updatedAt,
  };
}

function withoutNulls(patch: Readonly<Record<string, string | null>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value ?? undefined]));
}
