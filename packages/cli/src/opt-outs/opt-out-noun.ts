import { type Command, InvalidArgumentError } from "commander";
import { type AddCommands, type CommandContext, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";

type ListOptions = JsonOption & { readonly number?: string; readonly limit?: number };

const MAX_LISTED = 200;

/** Opt-outs have no ids: a number of ours and who must not be written to from it. */
const addCommands: AddCommands = (parent, context) => {
  addList(parent, context);
  const { terminal, client } = context;
  parent
    .command("add <number> <recipient>")
    .description("have somebody not be written to from a number any more")
    .option(...JSON_OPTION)
    .action(async (phoneNumber: string, recipient: string, { json }: JsonOption) => {
      const optOut = await client.optOuts.create({ phoneNumber, recipient });
      const text = `${optOut.recipient} is not written to from ${optOut.phoneNumber} any more.`;
      printResult(terminal, json, optOut, () => text);
    });
  parent
    .command("remove <number> <recipient>")
    .description("allow somebody to be written to again: only with their consent")
    .option(...JSON_OPTION)
    .action(async (phoneNumber: string, recipient: string, { json }: JsonOption) => {
      await client.optOuts.delete({ phoneNumber, recipient });
      const result = { phoneNumber, recipient, isDeleted: true };
      printResult(terminal, json, result, () => `${recipient} may be written to from ${phoneNumber} again.`);
    });
};

function addList(parent: Command, { terminal, client }: CommandContext): void {
  parent
    .command("list")
    .description("list who must not be written to, newest first")
    .option("--number <number>", "only those of this number")
    .option("--limit <number>", `how many, 1 to ${MAX_LISTED} (default ${MAX_LISTED})`, parseLimit)
    .option(...JSON_OPTION)
    .action(async ({ number: phoneNumber, limit, json }: ListOptions) => {
      const data = await client.optOuts.list({ phoneNumber, limit });
      const rows = data.map((one) => [one.phoneNumber, one.recipient, one.word, one.createdAt]);
      const text = () => toTable(["NUMBER", "RECIPIENT", "WORD", "SINCE"], rows, "Nobody has opted out.");
      printResult(terminal, json, { data }, text);
    });
}

export const optOutNoun = defineNoun({
  name: "opt-outs",
  one: "opt-out",
  about: "who must not be written to",
  of: () => ({}),
  columns: {},
  addMore: addCommands,
});

function parseLimit(value: string): number {
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LISTED) return limit;
  throw new InvalidArgumentError(`Give a number from 1 to ${MAX_LISTED}.`);
}
