import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { Page, PageQuery } from "./page.ts";
import type { RequestOptions, Transport } from "./transport.ts";

type Described = components["schemas"]["Agent"];
/** Answers hold every setting that has a default; the description says so of all but the greeting. */
export type Agent = Described & Required<Pick<Described, "greeting">>;
/** All but the name has a default. */
export type NewAgent = requests["schemas"]["NewAgent"];
/** What is absent stays; null resets; inner objects are merged; lists are replaced. */
export type AgentPatch = requests["schemas"]["AgentPatch"];

/** The agents that answer calls. */
export class Agents {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  create(agent: NewAgent, options: RequestOptions = {}): Promise<Agent> {
    return this.#transport.json({ ...options, method: "POST", path: "/v1/agents", body: { json: agent } });
  }

  get(agentId: string, options: RequestOptions = {}): Promise<Agent> {
    return this.#transport.json({ ...options, path: pathOf(agentId) });
  }

  /** One page, newest first. `name`: only agents of this name, whatever its case. */
  list(query: PageQuery & { name?: string } = {}, options: RequestOptions = {}): Promise<Page<Agent>> {
    return this.#transport.json({ ...options, path: "/v1/agents", query });
  }

  /** Changes what is given and leaves the rest. */
  update(agentId: string, changes: AgentPatch, options: RequestOptions = {}): Promise<Agent> {
    return this.#transport.json({ ...options, method: "PATCH", path: pathOf(agentId), body: { json: changes } });
  }

  delete(agentId: string, options: RequestOptions = {}): Promise<void> {
    return this.#transport.nothing({ ...options, method: "DELETE", path: pathOf(agentId) });
  }
}

function pathOf(agentId: string): string {
  return `/v1/agents/${encodeURIComponent(agentId)}`;
}
