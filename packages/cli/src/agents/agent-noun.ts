import type { Agent, Agents, AgentVersion } from "@earshot/sdk";
import { UsageError } from "../cli-error.ts";
import { defineNoun } from "../nouns/noun.ts";
import { toTable } from "../table.ts";
import { findAgentId } from "./find-agent.ts";

type NewDeployment = Parameters<Agents["deploy"]>[1];

export const agentNoun = defineNoun({
  name: "agents",
  one: "agent",
  about: "the agents that answer calls, by name or id",
  of: (client) => client.agents,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    VERSION: describeVersion,
    VOICE: ({ voice }) => voice.id ?? "(default)",
    LANGUAGE: ({ language }) => language,
  },
  filters: [{ flags: "--name <name>", about: "only agents of this name, whatever its case", query: "name" }],
  findId: findAgentId,
  verbs: [
    {
      name: "deploy",
      about: "freeze the working version under the next number; phone calls use it from now on",
      data: "optional",
      run: (client, { id, data }) => client.agents.deploy(id, data as NewDeployment),
      toText: (agent) => `${(agent as Agent).name} is deployed as version ${(agent as Agent).version}.`,
    },
    {
      name: "versions",
      about: "list the deployed versions, newest first",
      run: async (client, { id }) => client.agents.versions(id),
      toText: (page) => toVersionTable((page as { data: readonly AgentVersion[] }).data),
    },
    {
      name: "version",
      about: "show the settings of a deployed version",
      args: ["<version>"],
      run: (client, { id, args }) => client.agents.version(id, parseVersion(args[0])),
    },
    {
      name: "diff",
      about: "what differs between a deployed version and another one, or the working one",
      args: ["<version>", "[to]"],
      run: (client, { id, args: [from, to] }) =>
        client.agents.compareVersions(id, {
          from: parseVersion(from),
          to: to === undefined ? undefined : parseVersion(to),
        }),
    },
    {
      name: "rollback",
      about: "make a deployed version the working one again",
      args: ["<version>"],
      run: (client, { id, args }) => client.agents.rollBack(id, parseVersion(args[0])),
      toText: (agent) => `${(agent as Agent).name} is as it was. Deploy it to have phone calls use it.`,
    },
  ],
});

function describeVersion({ version, isDeployed }: Agent): string {
  if (version === 0) return "never deployed";
  return isDeployed ? String(version) : `${version}, changed since`;
}

function toVersionTable(versions: readonly AgentVersion[]): string {
  const rows = versions.map(({ version, deployedAt, note }) => [String(version), deployedAt, note ?? ""]);
  return toTable(["VERSION", "DEPLOYED", "NOTE"], rows, "Never deployed.");
}

function parseVersion(typed: string | undefined): number {
  const version = Number(typed);
  if (!Number.isInteger(version) || version < 1)
    throw new UsageError(`"${typed}" is no version: give a number from 1.`);
  return version;
}
