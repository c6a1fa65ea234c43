import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageOf, PageQuery } from "./page.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Agent = components["schemas"]["Agent"];
/** All but the name has a default. */
export type NewAgent = requests["schemas"]["NewAgent"];
/** What is absent stays; null resets; inner objects are merged; lists are replaced. */
export type AgentPatch = requests["schemas"]["AgentPatch"];

/** What was frozen when the agent was deployed. */
export type AgentVersion = components["schemas"]["AgentVersion"];
export type AgentSettings = components["schemas"]["AgentSettings"];
export type AgentDifference = components["schemas"]["AgentDifference"];
export type AgentQuery = PageQuery & {
  /** Only agents of this name, whatever its case. */
  readonly name?: string | undefined;
};

/** The agents that answer calls. */
export class Agents extends Resource<{ item: Agent; create: NewAgent; update: AgentPatch; query: AgentQuery }> {
  constructor(transport: Transport) {
    super(transport, "/v1/agents");
  }

  /** Freezes the working version under the next number; phone calls use it from now on. */
  deploy(
    agentId: string,
    deployment: requests["schemas"]["NewDeployment"] = {},
    options: RequestOptions = {},
  ): Promise<Agent> {
    return this.post(this.pathOf(agentId, "deploy"), deployment, options);
  }

  /** All deployed versions, newest first. */
  versions(agentId: string, options: RequestOptions = {}): PageOf<AgentVersion> {
    return this.pageOf(this.pathOf(agentId, "versions"), undefined, options);
  }

  /** The settings of a deployed version. */
  version(agentId: string, version: number, options: RequestOptions = {}): Promise<AgentSettings> {
    return this.transport.json({ ...options, path: this.pathOf(agentId, "versions", String(version)) });
  }

  /** What differs between a deployed version and another one, or the working one. */
  compareVersions(
    agentId: string,
    { from, to }: { readonly from: number; readonly to?: number | undefined },
    options: RequestOptions = {},
  ): Promise<{ readonly data: readonly AgentDifference[] }> {
    return this.transport.json({
      ...options,
      path: this.pathOf(agentId, "versions", String(from), "diff"),
      query: { to },
    });
  }

  /** Makes a deployed version the working one again. Deploy it to have phone calls use it. */
  rollBack(agentId: string, version: number, options: RequestOptions = {}): Promise<Agent> {
    return this.post(this.pathOf(agentId, "rollback"), { version }, options);
  }
}
