import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Experiment = components["schemas"]["Experiment"];
export type NewExperiment = requests["schemas"]["NewExperiment"];
export type ExperimentPatch = requests["schemas"]["ExperimentPatch"];

/** Variants of an agent that are measured against it. */
export class Experiments extends Resource<{ item: Experiment; create: NewExperiment; update: ExperimentPatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/experiments");
  }

  /** Begins to send calls to the variants. Servers that can't yet throw ServerError `not_supported`. */
  start(experimentId: string, options: RequestOptions = {}): Promise<Experiment> {
    return this.post(this.pathOf(experimentId, "start"), undefined, options);
  }

  /** Sends all calls to the agent itself again. */
  stop(experimentId: string, options: RequestOptions = {}): Promise<Experiment> {
    return this.post(this.pathOf(experimentId, "stop"), undefined, options);
  }
}
