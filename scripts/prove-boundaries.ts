/**
 * Proves that each boundary fires: writes every breach of boundary-cases.ts into a throw-away tree, lints it with the
 * repository's own configuration and compares what was reported with what was expected. A boundary of
 * biome.boundaries.json that no case has set off is an error too.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, matchesGlob, resolve } from "node:path";
import { type BoundaryCase, boundaryCases } from "./boundary-cases.ts";

type Report = { readonly rule: string; readonly path: string; readonly message: string };

const root = resolve(import.meta.dirname, "..");

/** Cases at the same path can't stand in one tree: round n holds the n-th case of each path. */
function toRounds(cases: readonly BoundaryCase[]): BoundaryCase[][] {
  const rounds: BoundaryCase[][] = [];
  for (const each of cases) {
    const free = rounds.find((round) => round.every((other) => other.path !== each.path));
    if (free) free.push(each);
    else rounds.push([each]);
  }
  return rounds;
}

function lintTree(cases: readonly BoundaryCase[]): Report[] {
  const folder = mkdtempSync(join(root, ".boundary-proof-"));
  try {
    for (const name of ["biome.json", "biome.boundaries.json"]) cpSync(join(root, name), join(folder, name));
    writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
    for (const { path, code } of cases) writeCase(folder, path, code);
    return lint(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeCase(folder: string, path: string, code: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  const manifest = /^packages\/(?!telephony)[^/]+/.exec(path)?.[0]?.concat("/package.json");
  if (manifest) cpSync(join(root, manifest), join(folder, manifest));
}

function lint(folder: string): Report[] {
  const biome = join(root, "node_modules/.bin/biome");
  const flags = ["lint", "--reporter=json", "--max-diagnostics=none", "."];
  const run = spawnSync(biome, flags, { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (!run.stdout.startsWith("{")) throw new Error(`Biome gave no report: ${run.stderr}`);
  const { diagnostics } = JSON.parse(run.stdout) as {
    diagnostics: { category: string; message: string; location: { path: string } }[];
  };
  return diagnostics.map(({ category, message, location }) => ({
    rule: category.split("/").at(-1) ?? category,
    path: location.path,
    message,
  }));
}

/** What is wrong with one case, or nothing. */
function judge({ path, code, rules }: BoundaryCase, reports: readonly Report[]): string[] {
  const fired = new Set(reports.filter((report) => report.path === path).map((report) => report.rule));
  const missing = rules.filter((rule) => !fired.has(rule));
  if (missing.length > 0) return [`${path}: ${missing.join(", ")} did not fire on\n    ${code.trim()}`];
  if (rules.length > 0) return [];
  const wrong = [...fired].filter((rule) => watchedRules.has(rule));
  return wrong.length > 0 ? [`${path}: ${wrong.join(", ")} fired on what is allowed\n    ${code.trim()}`] : [];
}

type Boundary = { readonly includes: readonly string[]; readonly words: string };

/** Every restricted pattern (by its message) and every denied global (by its name) of each override. */
function readBoundaries(): Boundary[] {
  type Options<Key extends string, Value> = { options: Record<Key, Value> };
  const { overrides } = JSON.parse(readFileSync(join(root, "biome.boundaries.json"), "utf8")) as {
    overrides: {
      includes: string[];
      linter: {
        rules: {
          style: {
            noRestrictedImports?: Options<"patterns", { message: string }[]>;
            noRestrictedGlobals?: Options<"deniedGlobals", Record<string, string>>;
          };
        };
      };
    }[];
  };
  return overrides.flatMap(({ includes, linter }) => {
    const { noRestrictedImports, noRestrictedGlobals } = linter.rules.style;
    const messages = (noRestrictedImports?.options.patterns ?? []).map(({ message }) => message);
    const names = Object.keys(noRestrictedGlobals?.options.deniedGlobals ?? {});
    return [...messages, ...names.map((name) => `the global variable ${name}.`)].map((words) => ({ includes, words }));
  });
}

/** The last glob that matches decides, as in Biome. */
function covers({ includes }: Boundary, path: string): boolean {
  const deciding = includes.findLast((glob) => matchesGlob(path, glob.replace(/^!/, "")));
  return deciding !== undefined && !deciding.startsWith("!");
}

/** What a dependency is declared for is the manifests' business, not that of these cases. */
const watchedRules = new Set(boundaryCases.flatMap((each) => each.rules));
watchedRules.delete("noUndeclaredDependencies");
const rounds = toRounds(boundaryCases).map((cases) => ({ cases, reports: lintTree(cases) }));
const reports = rounds.flatMap((round) => round.reports);
const boundaries = readBoundaries();
const problems = [
  ...rounds.flatMap((round) => round.cases.flatMap((each) => judge(each, round.reports))),
  ...boundaries
    .filter(
      (boundary) => !reports.some(({ path, message }) => message.includes(boundary.words) && covers(boundary, path)),
    )
    .map(({ includes, words }) => `no case of boundary-cases.ts sets off "${words}" in ${includes[0]}`),
];

if (problems.length > 0) {
  console.error(`The boundaries don't hold:\n  ${problems.join("\n  ")}`);
  process.exitCode = 1;
} else {
  console.log(`${boundaries.length} boundaries were seen to fire, in ${boundaryCases.length} cases.`);
}
