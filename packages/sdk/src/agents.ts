import type { components } from "./generated/openapi.ts";
import type { Page, PageQuery } from "./page.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Agent = components["schemas"]["Agent"];
export type AgentInput = components["schemas"]["AgentInput"];
export type AgentUpdate = components["schemas"]["AgentUpdate"];

/** The agents that answer calls. */
export class Agents {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(agent: AgentInput, options: RequestOptions = {}): Promise<Agent> {
    return this.#transport.json({ ...options, method: "POST", path: "/v1/agents", body: { json: agent } });
  }

  get(agentId: string, options: RequestOptions = {}): Promise<Agent> {
    return this.#transport.json({ ...options, path: pathOf(agentId) });
  }

  /** One page, newest first. `name` finds the agents of exactly that name. */
  list(query: PageQuery & { name?: string } = {}, options: RequestOptions = {}): Promise<Page<Agent>> {
    return this.#transport.json({ ...options, path: "/v1/agents", query });
  }

  /** Changes what is given and leaves the rest. */
  update(agentId: string, changes: AgentUpdate, options: RequestOptions = {}): Promise<Agent> {
    return this.#transport.json({ ...options, method: "PATCH", path: pathOf(agentId), body: { json: changes } });
  }

  delete(agentId: string, options: RequestOptions = {}): Promise<void> {
    return this.#transport.nothing({ ...options, method: "DELETE", path: pathOf(agentId) });
  }
}

function pathOf(agentId: string): string {
  return `/v1/agents/${encodeURIComponent(agentId)}`;
}
