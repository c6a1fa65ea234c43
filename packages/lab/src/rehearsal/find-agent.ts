import type { Agent, Earshot } from "@earshot/sdk";
import { CannotRehearseError } from "./caller-model.ts";

const MAX_NAMES = 100;

/** Looks agents up by name or id, each once. */
export class AgentBook {
  readonly #client: Earshot;
  readonly #found = new Map<string, Promise<Agent>>();

  constructor(client: Earshot) {
    this.#client = client;
  }

  /** @throws CannotRehearseError with the names there are; EarshotError */
  find(nameOrId: string): Promise<Agent> {
    const found = this.#found.get(nameOrId) ?? this.#look(nameOrId);
    this.#found.set(nameOrId, found);
    return found;
  }

  async #look(nameOrId: string): Promise<Agent> {
    if (nameOrId.startsWith("agt_")) return this.#client.agents.get(nameOrId);
    const { data } = await this.#client.agents.list({ name: nameOrId, limit: MAX_NAMES });
    const exact = data.filter(({ name }) => name === nameOrId);
    const [agent, second] = exact.length > 0 ? exact : data;
    if (agent === undefined)
      throw new CannotRehearseError(`There is no agent called "${nameOrId}". ${await this.#describeChoice()}`);
    if (second === undefined) return agent;
    throw new CannotRehearseError(
      `Several agents are called "${nameOrId}". Give the id of one instead: ${data.map(({ id }) => id).join(", ")}.`,
    );
  }

  async #describeChoice(): Promise<string> {
    const { data } = await this.#client.agents.list({ limit: MAX_NAMES });
    if (data.length === 0) return "There are none at all yet: create one with `earshot agents create`.";
    return `The agents are: ${data.map(({ name }) => name).join(", ")}.`;
  }
}
