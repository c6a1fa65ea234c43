import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system in memory that is soon full. */
export type TinyDisk = { readonly path: string; fill(): void; free(): void; remove(): Promise<void> };

/** Why no disk can be made here; undefined when one can. Where every test is required and root runs it, that is an error. */
export function reasonForNoDisk(): string | undefined {
  const isRoot = process.getuid?.() === 0;
  let reason = isRoot ? undefined : "only root may mount a disk of limited size";
  try {
    if (isRoot) execFileSync("mount", ["--version"], { stdio: "ignore" });
  } catch (error) {
    reason = `mount can't be run: ${String(error)}`;
  }
  if (reason === undefined) return undefined;
  if (isRoot && process.env["EARSHOT_TEST_REQUIRE_ALL"] === "1")
    throw new Error(`${reason}; EARSHOT_TEST_REQUIRE_ALL=1 is set`);
  process.stderr.write(`\n!!! SKIPPED: a full disk. ${reason}\n\n`);
  return reason;
}

export async function mountTinyDisk({
  sizeKb,
  isReadOnly = false,
}: {
  sizeKb: number;
  isReadOnly?: boolean;
}): Promise<TinyDisk> {
  const path = await mkdtemp(join(tmpdir(), "earshot-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeKb}k${isReadOnly ? ",ro" : ""}`, "earshot-test", path]);
  const ballast = join(path, "ballast");
  return {
    path,
    fill() {
      const file = openSync(ballast, "a");
      try {
        for (let size = 1 << 20; size >= 512; ) size = tryWrite(file, size) ? size : size >> 1;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    async remove() {
      execFileSync("umount", ["-l", path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}

function tryWrite(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
}
