import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommandContext, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { toTable } from "../table.ts";
import { printNote, printResult } from "../terminal.ts";
import type { Noun, Verb } from "./noun.ts";
import { readData } from "./read-data.ts";

type ListOptions = JsonOption & { limit?: number; cursor?: string; all?: true } & Readonly<Record<string, unknown>>;
type DataOptions = JsonOption & { readonly data?: string };

const DATA_HELP = "the body as JSON: '{…}', @file.json, or - for standard input";
const PAGE_LIMIT = 20;
const PAGE_LIMIT_OF_ALL = 100;

/** Adds `earshot <noun> <verb>` for every verb that the SDK has for the noun. */
export function addNounCommands(program: Command, context: CommandContext, noun: Noun): void {
  const parent = program.command(noun.name).description(noun.about);
  const collection = noun.of(context.client, "");
  if (collection.list !== undefined) addList(parent, context, noun);
  if (collection.get !== undefined) addGet(parent, context, noun);
  if (collection.create !== undefined) addCreate(parent, context, noun);
  if (collection.update !== undefined) addUpdate(parent, context, noun);
  if (collection.delete !== undefined) addDelete(parent, context, noun);
  for (const verb of noun.verbs ?? []) addVerb(parent, context, noun, verb);
  noun.addMore?.(parent, context);
}

function addList(parent: Command, { terminal, client }: CommandContext, noun: Noun): void {
  const command = addCommand(parent, noun, "list", `list the ${plural(noun)}`);
  for (const { flags, about, choices } of noun.filters ?? []) {
    const option = new Option(flags, about);
    command.addOption(choices === undefined ? option : option.choices([...choices]));
  }
  if (noun.isPaged !== false)
    command
      .option("--limit <number>", `how many a page, 1 to 100 (default ${PAGE_LIMIT})`, parseLimit)
      .option("--cursor <cursor>", "begin where a list before left off")
      .option("--all", "every page");
  command.action(async (options: ListOptions) => {
    const { json, limit = options.all ? PAGE_LIMIT_OF_ALL : PAGE_LIMIT, cursor, all } = options;
    const filters = await readFilters(noun, client, command);
    const query = {
      ...filters,
      ...(noun.isPaged === false ? {} : { limit, ...(cursor === undefined ? {} : { cursor }) }),
    };
    const list = collectionOf(noun, client, command).list?.(query as never);
    if (list === undefined) return;
    const page = all ? { data: await collect(list) } : await list;
    printResult(terminal, json, page, () => toRows(noun, page.data));
    if (!json && "nextCursor" in page && page.nextCursor !== undefined)
      printNote(terminal, `There are more: --all, or --cursor ${page.nextCursor}`);
  });
}

async function collect(items: AsyncIterable<object>): Promise<object[]> {
  const all: object[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function readFilters(noun: Noun, client: CommandContext["client"], command: Command) {
  const query: Record<string, string> = {};
  for (const { flags, query: name, resolve } of noun.filters ?? []) {
    const typed: unknown = command.opts()[new Option(flags).attributeName()];
    if (typeof typed === "string") query[name] = resolve === undefined ? typed : await resolve(client, typed);
  }
  return query;
}

function toRows(noun: Noun, items: readonly object[]): string {
  const rows = items.map((item) => Object.values(noun.columns).map((cell) => toCell(cell(item))));
  return toTable(Object.keys(noun.columns), rows, `No ${plural(noun)}.`);
}

function addGet(parent: Command, { terminal, client }: CommandContext, noun: Noun): void {
  const command = addCommand(parent, noun, `get <${argument(noun)}>`, `show one ${noun.one}`).alias("show");
  command.action(async (typed: string, { json }: JsonOption) => {
    const item = await collectionOf(noun, client, command).get?.(await findId(noun, client, typed));
    if (item !== undefined) printResult(terminal, json, item, () => (noun.toText ?? indent)(item));
  });
}

function addCreate(parent: Command, { terminal, client }: CommandContext, noun: Noun): void {
  const command = addCommand(parent, noun, "create", `create ${article(noun)}`);
  command.requiredOption("--data <json>", DATA_HELP).action(async ({ data = "", json }: DataOptions) => {
    const body = await readData(data, terminal);
    const item = await collectionOf(noun, client, command).create?.(body as never);
    if (item !== undefined) printResult(terminal, json, item, () => indent(item));
  });
}

function addUpdate(parent: Command, { terminal, client }: CommandContext, noun: Noun): void {
  const about = `change ${article(noun)}: what is given changes, the rest stays`;
  const command = addCommand(parent, noun, `update <${argument(noun)}>`, about);
  command.requiredOption("--data <json>", DATA_HELP).action(async (typed: string, { data = "", json }: DataOptions) => {
    const changes = await readData(data, terminal);
    const id = await findId(noun, client, typed);
    const item = await collectionOf(noun, client, command).update?.(id, changes as never);
    if (item !== undefined) printResult(terminal, json, item, () => indent(item));
  });
}

function addDelete(parent: Command, { terminal, client }: CommandContext, noun: Noun): void {
  const command = addCommand(parent, noun, `delete <${argument(noun)}>`, `delete ${article(noun)}`);
  command.action(async (typed: string, { json }: JsonOption) => {
    const id = await findId(noun, client, typed);
    await collectionOf(noun, client, command).delete?.(id);
    printResult(terminal, json, { id, isDeleted: true }, () => `${id} is deleted.`);
  });
}

function addVerb(parent: Command, { terminal, client }: CommandContext, noun: Noun, verb: Verb): void {
  const words = [verb.name, `<${argument(noun)}>`, ...(verb.args ?? [])];
  const command = parent.command(words.join(" ")).description(verb.about);
  if (verb.data === "required") command.requiredOption("--data <json>", DATA_HELP);
  if (verb.data === "optional") command.option("--data <json>", DATA_HELP);
  command.option(...JSON_OPTION).action(async () => {
    const { data, json } = command.opts<DataOptions>();
    const [typed = "", ...args] = command.args;
    const body = data === undefined ? undefined : await readData(data, terminal);
    const id = await findId(noun, client, typed);
    const result = await verb.run(client, { id, args, data: body });
    if (typeof result === "object" && result !== null)
      printResult(terminal, json, result, () => (verb.toText ?? indent)(result));
    else printResult(terminal, json, { id, isDone: true }, () => "Done.");
  });
}

function addCommand(parent: Command, noun: Noun, words: string, about: string): Command {
  const command = parent.command(words).description(about);
  if (noun.parent !== undefined) command.requiredOption(noun.parent.flags, noun.parent.about);
  return command.option(...JSON_OPTION);
}

function collectionOf(noun: Noun, client: CommandContext["client"], command: Command): ReturnType<Noun["of"]> {
  const parentId: unknown = noun.parent && command.opts()[new Option(noun.parent.flags).attributeName()];
  return noun.of(client, typeof parentId === "string" ? parentId : "");
}

async function findId(noun: Noun, client: CommandContext["client"], typed: string): Promise<string> {
  return noun.findId === undefined ? typed : noun.findId(client, typed);
}

function indent(item: object): string {
  return JSON.stringify(item, undefined, 2);
}

function toCell(value: string | number | boolean | null | undefined): string {
  if (typeof value === "boolean") return value ? "yes" : "";
  return value === undefined || value === null ? "" : String(value);
}

function plural({ one }: Noun): string {
  return /[^aeiou]y$/.test(one) ? `${one.slice(0, -1)}ies` : `${one}s`;
}

function argument({ one }: Noun): string {
  return one.replaceAll(" ", "-").toLowerCase();
}

function article({ one }: Noun): string {
  return `${/^([aeiou]|MCP)/i.test(one) ? "an" : "a"} ${one}`;
}

function parseLimit(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new InvalidArgumentError("Give a number from 1 to 100.");
  return limit;
}
