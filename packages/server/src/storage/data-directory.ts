/** One server a data directory: a lock file that is refreshed while the server lives, and taken over when it died. */
import { access, constants, link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { kill, pid } from "node:process";
import { StartupError } from "../app-error.ts";
import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";

const LOCK_FILE = "earshot.lock";
const REFRESH_MS = 5_000;
/** A lock from another machine or container can only be judged by its age. */
const FOREIGN_LOCK_LASTS_MS = 20_000;

type Lock = { readonly pid: number; readonly bornAt: string; readonly host: string; readonly nonce: string };

export type DataDirectory = {
  readonly path: string;
  /** Gives the directory up. Idempotent. */
  release(): Promise<void>;
};

/**
 * Makes the directory if need be and claims it for this process.
 * @throws StartupError when it is no folder, can't be written to, or belongs to a server that is running
 */
export async function claimDataDirectory(path: string, clock: WallClock): Promise<DataDirectory> {
  await prepare(path);
  const lockPath = join(path, LOCK_FILE);
  const mine: Lock = { pid, bornAt: await bornAt(pid), host: hostname(), nonce: newId("lock", clock.now().getTime()) };
  while (!(await tryCreate(lockPath, mine))) await removeIfStale(lockPath, mine, path, clock);
  const stopRefreshing = clock.every(REFRESH_MS, () => {
    const now = clock.now();
    utimes(lockPath, now, now).catch(() => {});
  });
  let isReleased = false;
  return {
    path,
    async release() {
      if (isReleased) return;
      isReleased = true;
      stopRefreshing();
      const current = await readLock(lockPath);
      if (current?.nonce === mine.nonce) await rm(lockPath, { force: true });
    },
  };
}

async function prepare(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(path, ".write-test");
    await writeFile(probe, "x".repeat(4096));
    await rm(probe);
  } catch (error) {
    throw new StartupError(`The data directory ${path} ${explain(error)}.`, { cause: error });
  }
}

function explain(error: unknown): string {
  switch (errorCode(error)) {
    case "ENOTDIR":
    case "EEXIST":
      return "is not a folder; set EARSHOT_DATA_DIR to a folder";
    case "EACCES":
    case "EPERM":
      return "can't be written to; change its owner or set EARSHOT_DATA_DIR to a folder of yours";
    case "EROFS":
      return "is on a read-only file system; set EARSHOT_DATA_DIR to a folder that can be written to";
    case "ENOSPC":
    case "EDQUOT":
      return "is on a full disk; free some space or set EARSHOT_DATA_DIR to another disk";
    default:
      return `can't be used (${errorCode(error) ?? String(error)}); set EARSHOT_DATA_DIR to another folder`;
  }
}

async function tryCreate(lockPath: string, mine: Lock): Promise<boolean> {
  const draft = `${lockPath}.${mine.nonce}`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    await link(draft, lockPath);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw new StartupError(`The data directory can't be locked: ${String(error)}.`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeIfStale(lockPath: string, mine: Lock, path: string, clock: WallClock): Promise<void> {
  const found = await readLock(lockPath);
  if (found !== undefined && (await isHeld(lockPath, found, mine, clock)))
    throw new StartupError(
      `Another Earshot server (process ${found.pid} on ${found.host}) is using the data directory ${path}. ` +
        "Stop it first, or set EARSHOT_DATA_DIR to another folder.",
    );
  const aside = `${lockPath}.${mine.nonce}.stale`;
  await rename(lockPath, aside).catch(() => {});
  const moved = await readLock(aside);
  const isSame = moved?.nonce === found?.nonce;
  // Somebody else took the stale lock over in between: theirs goes back.
  if (moved !== undefined && !isSame) await link(aside, lockPath).catch(() => {});
  await rm(aside, { force: true });
}

async function isHeld(lockPath: string, found: Lock, mine: Lock, clock: WallClock): Promise<boolean> {
  if (found.host !== mine.host) {
    const refreshedAtMs = (await stat(lockPath).catch(() => undefined))?.mtimeMs ?? 0;
    return clock.now().getTime() - refreshedAtMs < FOREIGN_LOCK_LASTS_MS;
  }
  return isAlive(found.pid) && (await bornAt(found.pid)) === found.bornAt;
}

async function readLock(lockPath: string): Promise<Lock | undefined> {
  try {
    const lock: unknown = JSON.parse(await readFile(lockPath, "utf8"));
    const isLock = typeof lock === "object" && lock !== null && "pid" in lock && typeof lock.pid === "number";
    return isLock ? (lock as Lock) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  try {
    kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** The kernel's start time of a process, which tells it from a later one with the same number; "" where unknown. */
async function bornAt(processId: number): Promise<string> {
  const line = await readFile(`/proc/${processId}/stat`, "utf8").catch(() => "");
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
