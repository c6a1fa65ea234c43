/** Writes dist/: the SDK as a package of plain JavaScript with types, for Node 20, bundlers and registries. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

type Manifest = { readonly version: string; readonly license: string; readonly description: string };

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
const compiler = createRequire(join(root, "package.json")).resolve("typescript/bin/tsc");
const flags = [
  ["--rootDir", "src", "--outDir", "dist", "--declaration", "--rewriteRelativeImportExtensions"],
  ["--target", "es2022", "--module", "nodenext", "--lib", "es2024,dom,dom.iterable", "--types", "node"],
  ["--strict", "--skipLibCheck"],
].flat();

rmSync(dist, { recursive: true, force: true });
const run = spawnSync(process.execPath, [compiler, "src/index.ts", ...flags], { cwd: root, stdio: "inherit" });
if (run.status !== 0) process.exit(run.status ?? 1);

const { version, license, description } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const manifest = {
  name: "@earshot/sdk",
  version,
  license,
  description,
  type: "module",
  sideEffects: false,
  engines: { node: ">=20" },
  exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
};
mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
cpSync(join(root, "../../LICENSE"), join(dist, "LICENSE"));
cpSync(join(root, "../../docs/sdk.md"), join(dist, "README.md"));
