/**
 * Takes each guard out of a copy of the rules, one at a time, and plays random histories through what is left: a guard
 * whose absence no rule notices is either dead code or an untested promise. Prints survivors as JSON on standard output.
 * `prove-guards.ts N` takes out each N-th only.
 */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import type { newConversation } from "../../conversation/conversation.ts";
import type { reduce } from "../../conversation/reduce.ts";
import { checkRules } from "./check-rules.ts";

/** A guard is a line that leaves early because a fact is stale, repeated or not to be acted on. */
const GUARD = /^ *if \(.*\) return (?:stay\(.*\)|undefined|false|now);$/;
const RUNS = 80_000;

type Guard = { readonly file: string; readonly line: number; readonly text: string };

const rules = join(import.meta.dirname, "../../conversation");
const copies = mkdtempSync(join(tmpdir(), "earshot-guards-"));
const survivors: Guard[] = [];
const every = Number(argv[2] ?? 1);
const guards = findGuards().filter((_, index) => index % every === 0);
try {
  for (const [index, guard] of guards.entries()) {
    const report = checkRules(await loadWithout(guard, join(copies, String(index))), { runs: RUNS, seed: 1 });
    if (report.outcome === "kept") survivors.push(guard);
  }
} finally {
  rmSync(copies, { recursive: true });
}
console.log(JSON.stringify({ guards: guards.length, survivors }, null, 2));

function findGuards(): Guard[] {
  return readdirSync(rules)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "words.ts")
    .flatMap((file) =>
      readFileSync(join(rules, file), "utf8")
        .split("\n")
        .map((text, index) => ({ file, line: index + 1, text }))
        .filter(({ text }) => GUARD.test(text)),
    );
}

async function loadWithout(
  guard: Guard,
  folder: string,
): Promise<{ newConversation: typeof newConversation; reduce: typeof reduce }> {
  cpSync(rules, folder, { recursive: true });
  const path = join(folder, guard.file);
  const lines = readFileSync(path, "utf8").split("\n");
  lines[guard.line - 1] = "";
  writeFileSync(path, lines.join("\n"));
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href);
  const conversation = (await load("conversation.ts")) as { newConversation: typeof newConversation };
  const reducer = (await load("reduce.ts")) as { reduce: typeof reduce };
  return { newConversation: conversation.newConversation, reduce: reducer.reduce };
}
