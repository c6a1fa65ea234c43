/** Agents on their way in and out. */
import { type AgentSettings, newAgentShape as ourAgentShape } from "../../agents/agent.ts";
import type { AgentNumber, SentByDialect, StoredAgent } from "../../agents/stored-agent.ts";
import { parseSettings, toSettings } from "../../agents/update-agent.ts";
import type { DialectDeps } from "../kit/open-dialect.ts";
import { fromVendor, toVendor, type VendorFields, type VendorObject } from "../kit/vendor-fields.ts";
import { agentFields } from "./agent-fields.ts";
import type { SentAgent, SentAgentPatch } from "./agent-shape.ts";

export const DIALECT = "agentphone" as const;

/** What an agent is before its client's settings: one that can hang up, and says nothing of its own. */
const BASE: AgentSettings = ourAgentShape.parse({
  name: "agent",
  prompt: "",
  greeting: { mode: "dynamic" },
  tools: [{ kind: "endCall" }],
});

type Stored = { readonly settings: AgentSettings; readonly sent: SentByDialect };

/** Their agents to ours and back, for a node's own default voice. */
export class AgentCodec {
  readonly #fields: VendorFields<AgentSettings>;

  constructor({ listVoices }: Pick<DialectDeps, "listVoices">) {
    this.#fields = agentFields(listVoices().find(({ isDefault }) => isDefault)?.id ?? "");
  }

  /** @param given with defaults. @param sent what the client wrote itself */
  toNew(given: SentAgent, sent: VendorObject): Stored {
    return { settings: parseSettings(fromVendor(this.#fields, given, BASE)), sent: { [DIALECT]: sent } };
  }

  toChanged({ agent, sent }: StoredAgent, patch: SentAgentPatch): Stored {
    return {
      settings: parseSettings(fromVendor(this.#fields, patch, toSettings(agent))),
      sent: { ...sent, [DIALECT]: { ...sent[DIALECT], ...withoutUndefined(patch) } },
    };
  }

  toView({ agent, sent, numbers }: StoredAgent): VendorObject {
    return {
      ...toVendor(this.#fields, agent, this.#keptOf(sent[DIALECT] ?? {}, agent)),
      id: agent.id,
      createdAt: agent.createdAt,
      numbers: numbers.map(toAttachedNumber),
    };
  }

  /** A null that was sent for a field with a default is shown as that default. */
  #keptOf(sent: VendorObject, agent: AgentSettings): VendorObject {
    const kept = Object.entries(sent).filter(
      ([name, value]) => value !== null || this.#fields[name] === undefined || this.#fields[name].read(agent) === null,
    );
    return Object.fromEntries(kept);
  }
}

export function toAttachedNumber({ id, phoneNumber }: AgentNumber) {
  return { id, phoneNumber, status: "active", type: "sms" };
}

function withoutUndefined(object: VendorObject): VendorObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
