/** Writes the list of commands in docs/cli.md from the command line itself; --check fails when it is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { makeProgram } from "../packages/cli/src/program.ts";
import { Earshot } from "../packages/sdk/src/earshot.ts";

type Command = ReturnType<typeof makeProgram>;

const file = resolve(import.meta.dirname, "../docs/cli.md");
const begin = "<!-- commands: written by `node scripts/cli-doc.ts` -->\n";
const end = "<!-- end of commands -->\n";

const program = makeProgram({
  client: new Earshot(),
  setExitCode: () => undefined,
  terminal: {
    env: {},
    readIn: async () => "",
    writeOut: () => undefined,
    writeErr: () => undefined,
    isLive: false,
    listenForInterrupt: () => new AbortController().signal,
  },
});

function describeNoun(command: Command): string {
  const rows = command.commands.map((verb) => toRow(verb, `earshot ${command.name()} `));
  return toSection(command.name(), `${capitalise(command.description())}.`, rows);
}

function toSection(title: string, about: string, rows: readonly string[]): string {
  return `### ${title}\n\n${about}\n\n| command | does | options |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function toRow(command: Command, prefix: string): string {
  const args = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const options = command.options
    .filter(({ long }) => long !== "--json")
    .map(({ flags, mandatory }) => `\`${flags}\`${mandatory ? " (needed)" : ""}`);
  const name = [prefix + command.name(), ...args].join(" ");
  return `| \`${name}\` | ${command.description().replaceAll("|", "\\|")} | ${options.join(", ")} |`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const nouns = program.commands.filter(({ commands }) => commands.length > 0);
const verbs = program.commands.filter(({ commands }) => commands.length === 0);
const sections = [
  toSection(
    "Commands of their own",
    "Not of one noun.",
    verbs.map((verb) => toRow(verb, "earshot ")),
  ),
  ...nouns.map(describeNoun),
].join("\n");
const current = readFileSync(file, "utf8");
const [head, rest] = current.split(begin);
const tail = rest?.split(end)[1];
if (head === undefined || tail === undefined) throw new Error(`${file} has lost the marks around its commands.`);
const wanted = `${head}${begin}\n${sections}\n${end}${tail}`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, wanted);
} else if (current !== wanted) {
  console.error("docs/cli.md is stale: run `node scripts/cli-doc.ts` and commit what it writes.");
  process.exitCode = 1;
}
