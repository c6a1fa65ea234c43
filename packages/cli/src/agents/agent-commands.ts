import type { Agent } from "@earshot/sdk";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";
import { findAgent, listAgents } from "./find-agent.ts";

export const addAgentCommands: AddCommands = (program, { terminal, client }) => {
  const agents = program.command("agents").description("the agents that answer calls");
  agents
    .command("list")
    .description("list the agents")
    .option(...JSON_OPTION)
    .action(async ({ json }: JsonOption) => {
      const data = await listAgents(client);
      printResult(terminal, json, { data }, () =>
        toTable(["NAME", "ID", "VOICE", "LANGUAGE"], data.map(row), "No agents."),
      );
    });
  agents
    .command("show <agent>")
    .description("show one agent, by name or id")
    .option(...JSON_OPTION)
    .action(async (nameOrId: string, { json }: JsonOption) => {
      const agent = await findAgent(client, nameOrId);
      printResult(terminal, json, agent, () => JSON.stringify(agent, undefined, 2));
    });
};

function row({ name, id, voice, language }: Agent): string[] {
  return [name, id, voice.id ?? "(default)", language];
}
