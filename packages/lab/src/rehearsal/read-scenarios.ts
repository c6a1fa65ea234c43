import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type Scenario, scenarioShape, suiteShape } from "./scenario.ts";

const ENDINGS = [".yaml", ".yml", ".json"];
const MAX_BYTES = 5_000_000;

/** Something wrong with a scenario file: which file, which line, which field, and what would be right. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

export type FoundScenario = { readonly file: string; readonly scenario: Scenario };
type Path = readonly PropertyKey[];
type Document = {
  readonly file: string;
  readonly content: unknown;
  readonly lineOf: (path: Path) => number | undefined;
};

/** Reads files, and folders of files, in the order of their names. @throws ScenarioError with all that is wrong */
export async function readScenarios(
  paths: readonly string[],
  defaults: { readonly agent?: string | undefined; readonly pace?: "fast" | "real" | undefined } = {},
): Promise<readonly FoundScenario[]> {
  const files = (await Promise.all(paths.map(findFiles))).flat();
  const found: FoundScenario[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const parsed = toScenarios(file, await readFile(file, "utf8"), defaults);
    found.push(...parsed.scenarios.map((scenario) => ({ file, scenario })));
    problems.push(...parsed.problems);
  }
  if (problems.length > 0) throw new ScenarioError(problems.join("\n"));
  return found;
}

async function findFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ScenarioError(`${path} does not exist. Name a scenario file or a folder of them.`, { cause });
  });
  if (!found.isDirectory()) {
    if (found.size > MAX_BYTES) throw new ScenarioError(`${path} is larger than 5 MB: is it a scenario?`);
    return [path];
  }
  const names = await readdir(path);
  const files = names.filter((name) => ENDINGS.includes(extname(name))).toSorted();
  if (files.length === 0)
    throw new ScenarioError(`${path} holds no scenario: none of its files ends in .yaml, .yml or .json.`);
  return files.map((name) => join(path, name));
}

/** The scenarios in a text, and what is wrong with it. */
export function toScenarios(
  file: string,
  text: string,
  defaults: { readonly agent?: string | undefined; readonly pace?: "fast" | "real" | undefined } = {},
): { readonly scenarios: readonly Scenario[]; readonly problems: readonly string[] } {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (yaml.errors.length > 0) {
    const problems = yaml.errors.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`);
    return { scenarios: [], problems };
  }
  const content = toContent(yaml);
  if (content instanceof Error) return { scenarios: [], problems: [`${file}: ${content.message}`] };
  const lineOf = (path: Path): number | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = yaml.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  const document = { file, content, lineOf };
  return isSuite(content) ? readSuite(document, defaults) : readOne(document, content, [], defaults);
}

/** An alias may stand for nothing, or for more than fits. */
function toContent(yaml: ReturnType<typeof parseDocument>): unknown {
  try {
    return yaml.toJS() as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isSuite(content: unknown): boolean {
  return typeof content === "object" && content !== null && "scenarios" in content;
}

function readSuite(document: Document, defaults: object): ReturnType<typeof toScenarios> {
  const suite = suiteShape.safeParse(document.content);
  if (!suite.success) return { scenarios: [], problems: describe(document, suite.error.issues, []) };
  const { scenarios, caller, ...common } = suite.data;
  const read = scenarios.map((scenario, index) => {
    const own = scenario["caller"];
    const merged = { ...caller, ...(typeof own === "object" ? own : {}) };
    return readOne(document, { ...common, ...scenario, caller: merged }, ["scenarios", index], defaults);
  });
  return { scenarios: read.flatMap((one) => one.scenarios), problems: read.flatMap((one) => one.problems) };
}

function readOne(
  document: Document,
  content: unknown,
  path: Path,
  { agent, pace }: { readonly agent?: string | undefined; readonly pace?: "fast" | "real" | undefined },
): ReturnType<typeof toScenarios> {
  const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
  const given = { ...(agent === undefined ? {} : { agent }), ...(pace === undefined ? {} : { pace }) };
  const parsed = scenarioShape.safeParse(isObject ? { ...content, ...given } : content);
  if (parsed.success) return { scenarios: [parsed.data], problems: [] };
  return { scenarios: [], problems: describe(document, parsed.error.issues, path) };
}

function describe({ file, lineOf }: Document, issues: readonly z.core.$ZodIssue[], path: Path): string[] {
  return issues.flatMap((issue) => {
    const at = [...path, ...issue.path];
    const line = lineOf(at);
    const field = issue.path.join(".") || "the scenario";
    return `${file}${line === undefined ? "" : `:${line}`}: ${field}: ${toWords(issue)}`;
  });
}

function toWords(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `there is no ${issue.keys.join(", ")} here; see docs/rehearsals.md`;
  if (issue.code === "invalid_type" && issue.input === undefined && issue.path.length === 1) return "is missing";
  if (issue.code === "invalid_union") {
    const inner = issue.errors.flat().find(({ code }) => code !== "invalid_type") ?? issue.errors.at(-1)?.[0];
    return inner === undefined ? issue.message : toWords(inner);
  }
  return issue.message;
}
