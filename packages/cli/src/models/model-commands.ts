import type { Model } from "@earshot/sdk";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";

export const addModelCommands: AddCommands = (program, { terminal, client }) => {
  const models = program.command("models").description("the models the server uses");
  models
    .command("list")
    .description("list the models, with why each is used")
    .option(...JSON_OPTION)
    .action(async ({ json }: JsonOption) => {
      const list = await client.models.list();
      printResult(terminal, json, list, () =>
        toTable(["NAME", "KIND", "DEFAULT", "WHY"], list.data.map(row), "No models."),
      );
    });
};

function row({ name, kind, isDefault, reason }: Model): string[] {
  return [name, kind, isDefault ? "yes" : "", reason];
}
