/** Between Wordcab's agents and the stored ones. */
import { type AgentSettings, newAgentShape } from "../../../agents/agent.ts";
import type { StoredAgent } from "../../../agents/stored-agent.ts";
import { parseSettings } from "../../../agents/update-agent.ts";
import { AppError } from "../../../app-error.ts";
import { fromVendor, toVendor, type VendorFields, type VendorObject } from "../../kit/vendor-fields.ts";
import { toUnixSeconds } from "../unix-seconds.ts";
import { toVendorId } from "../vendor-ids.ts";
import { WORDCAB_DEFAULTS } from "./agent-fields.ts";
import type { NewWordcabAgent, WordcabAgentPatch } from "./agent-shape.ts";

const DIALECT = "wordcab";
/** Fields that are ours to say; what a client sends under these names means nothing. */
const OURS: ReadonlySet<string> = new Set(["id", "object", "created"]);

type Fields = VendorFields<AgentSettings>;
type Written = Pick<StoredAgent, "sent"> & { readonly settings: AgentSettings };

/** @throws AppError `invalid_request` when there are tools but no `tool_url` */
export function fromNewAgent(fields: Fields, body: NewWordcabAgent): Written {
  const sent = withoutOurs(body);
  const base = newAgentShape.parse({ name: body.name });
  const settings = parseSettings(fromVendor(fields, { ...WORDCAB_DEFAULTS, ...sent }, base));
  requireToolUrl(settings);
  return { settings, sent: { [DIALECT]: sent } };
}

/** The agent with only what the patch names changed. @throws as `fromNewAgent` */
export function patchAgent(fields: Fields, { agent, sent }: StoredAgent, patch: WordcabAgentPatch): Written {
  const { id, revision, version, deployedAt, isDeployed, createdAt, updatedAt, ...current } = agent;
  const changed = withoutOurs(patch);
  const settings = parseSettings(fromVendor(fields, changed, current));
  if ("tools" in changed || "tool_url" in changed) requireToolUrl(settings);
  return { settings, sent: { ...sent, [DIALECT]: { ...sent[DIALECT], ...changed } } };
}

export function showAgent(fields: Fields, { agent, sent, numbers }: StoredAgent): VendorObject {
  const { phone_numbers: wanted, ...known } = sent[DIALECT] ?? {};
  const { name, ...shown } = toVendor(fields, agent, known);
  return {
    id: toVendorId("agent", agent.id),
    object: "agent",
    name,
    ...shown,
    phone_numbers: inOrder(
      numbers.map(({ phoneNumber }) => phoneNumber),
      wanted,
    ),
    created: toUnixSeconds(agent.createdAt),
  };
}

/** As the client listed them; what was attached elsewhere comes last. */
function inOrder(numbers: readonly string[], wanted: unknown): readonly string[] {
  if (!Array.isArray(wanted)) return numbers;
  const place = (number: string) => {
    const index = wanted.indexOf(number);
    return index === -1 ? wanted.length : index;
  };
  return numbers.toSorted((a, b) => place(a) - place(b));
}

function withoutOurs(body: VendorObject): VendorObject {
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => !OURS.has(name) && value !== undefined));
}

function requireToolUrl({ tools, toolUrl }: AgentSettings): void {
  const isNeeded = tools.some((tool) => tool.kind === "webhook" && tool.url === undefined);
  if (!isNeeded || toolUrl !== undefined) return;
  const message = "is required when tools is set";
  throw new AppError("invalid_request", `tool_url: ${message}`, {
    details: { errors: [{ path: "tool_url", message: `${message}: received undefined`, code: "invalid_type" }] },
  });
}
