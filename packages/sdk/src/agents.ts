import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageQuery } from "./page.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

type Described = components["schemas"]["Agent"];
/** Answers hold every setting that has a default; the description says so of all but the greeting. */
export type Agent = Described & Required<Pick<Described, "greeting">>;
/** All but the name has a default. */
export type NewAgent = requests["schemas"]["NewAgent"];
/** What is absent stays; null resets; inner objects are merged; lists are replaced. */
export type AgentPatch = requests["schemas"]["AgentPatch"];

export type AgentQuery = PageQuery & {
  /** Only agents of this name, whatever its case. */
  readonly name?: string | undefined;
};

/** The agents that answer calls. */
export class Agents extends Resource<{ item: Agent; create: NewAgent; update: AgentPatch; query: AgentQuery }> {
  constructor(transport: Transport) {
    super(transport, "/v1/agents");
  }
}
