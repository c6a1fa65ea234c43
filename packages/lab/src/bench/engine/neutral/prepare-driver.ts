import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const EARSHOT = fileURLToPath(new URL("./earshot-engine.ts", import.meta.url));
/** The driver imports what it is to run by this name from its own folder. */
const ADAPTERS = {
  earshot: `export { earshotEngine as default } from ${JSON.stringify(`file://${EARSHOT}`)};\n`,
  // The driver sends its report as it closes the engine, and an engine that takes no time to close loses it.
  floor: [
    'import engine from "./null.ts";',
    "export default { ...engine, close: () => new Promise((done) => setTimeout(done, 1_000)) };",
    "",
  ].join("\n"),
};

/**
 * Copies the driver into the user's cache, one copy for each state of it, and adds the adapters that are ours. Needed
 * because the peer's packages are installed beside the driver and must not come near the repository's own.
 */
export async function prepareDriver(folder: string): Promise<string> {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const copy = join(cache, "earshot", `bench-driver-${await hashSources(folder)}`);
  await mkdir(copy, { recursive: true });
  await cp(folder, copy, {
    recursive: true,
    filter: (source) => !/^(?:node_modules|runs)(?:\/|$)/.test(relative(folder, source)),
  });
  for (const [name, text] of Object.entries(ADAPTERS))
    await writeFile(join(copy, "src", "adapters", `${name}.ts`), text);
  return copy;
}

/**
 * Installs the peer's packages beside the copied driver, once.
 * @throws Error with what npm said
 */
export async function installPeer(copy: string): Promise<void> {
  const mark = join(copy, "node_modules", ".installed");
  if (await exists(mark)) return;
  console.log("Installing the peer's packages beside the driver, once.\n");
  const isLocked = await exists(join(copy, "package-lock.json"));
  const npm = spawnSync("npm", [isLocked ? "ci" : "install", "--no-audit", "--no-fund"], {
    cwd: copy,
    encoding: "utf8",
    // The model's run time brings its library along; it need not be fetched again.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", ONNXRUNTIME_NODE_INSTALL_CUDA: "skip" },
  });
  if (npm.status !== 0) throw new Error(`The peer's packages could not be installed: ${npm.stderr || npm.error}`);
  await writeFile(mark, "");
}

async function hashSources(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const names = await readdir(join(folder, "src"), { recursive: true });
  const files = ["package.json", ...names.filter((name) => name.endsWith(".ts")).map((name) => join("src", name))];
  for (const name of files.toSorted()) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest("hex").slice(0, 12);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
