/** Writes the table of docs/configuration.md from the server's own list of variables; --check fails when it is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ConfigVariable, configVariables } from "../packages/server/src/config.ts";

const file = resolve(import.meta.dirname, "../docs/configuration.md");
const begin = "<!-- variables: written by `node scripts/configuration-doc.ts` -->\n";
const end = "<!-- end of variables -->\n";

function toRow({ name, default: value, unit, description, isSecret }: ConfigVariable): string {
  const shown = value === undefined ? "–" : `\`${value}\`${unit ? ` ${unit}` : ""}`;
  return `| \`${name}\` | ${shown} | ${description.replaceAll("|", "\\|")}${isSecret ? " Secret." : ""} |`;
}

const table = ["| variable | default | what it sets |", "|---|---|---|", ...configVariables.map(toRow)].join("\n");
const current = readFileSync(file, "utf8");
const [head, rest] = current.split(begin);
const tail = rest?.split(end)[1];
if (head === undefined || tail === undefined) throw new Error(`${file} has lost the marks around its table.`);
const wanted = `${head}${begin}\n${table}\n\n${end}${tail}`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, wanted);
} else if (current !== wanted) {
  console.error("docs/configuration.md is stale: run `node scripts/configuration-doc.ts` and commit what it writes.");
  process.exitCode = 1;
}
