/**
 * npm leaves packages for other platforms out of package-lock.json when the registry in use does not carry them, and
 * `npm ci` then refuses the whole file. This adds them; with --check it only says whether any is missing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

type Entry = {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: true;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly optional?: true;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
};
type LockFile = { packages: Record<string, Entry> };

const systems: Readonly<Record<string, string>> = { mac: "darwin", win: "win32" };
const systemPattern = /(?:^|-)(aix|android|darwin|freebsd|linux|mac|netbsd|openbsd|openharmony|sunos|win32|win)-(\w+)/;

/** Where Node would find `name` when `from` asks for it, or nothing. */
function findInstalled(packages: LockFile["packages"], name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === "") return undefined;
  }
}

function toEntry(name: string, version: string, asker: Entry): Entry {
  const [, system = "", cpu = ""] = systemPattern.exec(name.split("/").at(-1) ?? "") ?? [];
  if (!system) throw new Error(`Can't tell which platform ${name} is for: add it to package-lock.json by hand.`);
  const libc = /musl/.test(name) ? "musl" : "glibc";
  return {
    version,
    cpu: [cpu],
    ...(asker.dev ? { dev: true } : {}),
    ...(/musl|gnu/.test(name) ? { libc: [libc] } : {}),
    ...(asker.license ? { license: asker.license } : {}),
    optional: true,
    os: [systems[system] ?? system],
  };
}

function findMissing({ packages }: LockFile): Record<string, Entry> {
  const missing = Object.entries(packages).flatMap(([from, asker]) =>
    Object.entries(asker.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d/.test(version) && !findInstalled(packages, name, from))
      .map(([name, version]) => [`node_modules/${name}`, toEntry(name, version, asker)] as const),
  );
  return Object.fromEntries(missing);
}

const file = resolve(import.meta.dirname, "../package-lock.json");
const lockFile: LockFile = JSON.parse(readFileSync(file, "utf8"));
const missing = findMissing(lockFile);
const names = Object.keys(missing);

if (names.length > 0 && process.argv.includes("--check")) {
  console.error(`package-lock.json lacks ${names.join(", ")}.\nRun \`node scripts/complete-lock-file.ts\`.`);
  process.exitCode = 1;
} else if (names.length > 0) {
  const entries = Object.entries({ ...lockFile.packages, ...missing });
  const packages = Object.fromEntries(entries.sort(([left], [right]) => left.localeCompare(right, "en")));
  writeFileSync(file, `${JSON.stringify({ ...lockFile, packages }, null, 2)}\n`);
  console.log(`Added ${names.length} packages of other platforms.`);
}
