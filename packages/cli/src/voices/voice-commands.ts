import type { Voice } from "@earshot/sdk";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";

export const addVoiceCommands: AddCommands = (program, { terminal, client }) => {
  const voices = program.command("voices").description("the voices an agent can have");
  voices
    .command("list")
    .description("list the voices")
    .option(...JSON_OPTION)
    .action(async ({ json }: JsonOption) => {
      const list = await client.voices.list();
      const header = ["ID", "NAME", "LANGUAGE", "GENDER", "DESCRIPTION"];
      printResult(terminal, json, list, () => toTable(header, list.data.map(row), "No voices."));
    });
};

function row({ id, name, language, gender, description }: Voice): string[] {
  return [id, name, language, gender ?? "", description ?? ""];
}
