import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { SpeechHost } from "@earshot/providers";
import type { CallControl } from "../calls/call-control.ts";
import { RECORDINGS_FOLDER } from "../recordings/recording-paths.ts";
import type { Database } from "../storage/database.ts";
import { type HealthSource, NotHealthyError } from "./check-health.ts";

export function databaseHealth(database: Database): HealthSource {
  return {
    name: "database",
    async check() {
      try {
        await database.check();
      } catch (error) {
        throw new NotHealthyError("the database can't be written to", { cause: error });
      }
    },
  };
}

/** The recordings may lie on a disk of their own. */
export function diskHealth(dataDirectory: string, minFreeBytes: number): HealthSource {
  const places = { "the data directory": dataDirectory, "the recordings": join(dataDirectory, RECORDINGS_FOLDER) };
  return {
    name: "disk",
    async check() {
      for (const [place, directory] of Object.entries(places)) {
        const found = await statfs(directory).catch(() => undefined);
        if (found === undefined) continue;
        const freeBytes = found.bavail * found.bsize;
        if (freeBytes >= minFreeBytes) continue;
        throw new NotHealthyError(
          `only ${Math.floor(freeBytes / 1_000_000)} MB are free for ${place}; ` +
            `at least ${Math.ceil(minFreeBytes / 1_000_000)} MB are needed (EARSHOT_MIN_FREE_DISK_MB)`,
        );
      }
    },
  };
}

export function drainHealth(control: CallControl): HealthSource {
  return {
    name: "calls",
    async check() {
      if (control.isDraining) throw new NotHealthyError("the server is shutting down");
    },
  };
}

export function speechHealth(host: SpeechHost): HealthSource {
  return {
    name: "speech",
    async check() {
      const [role, reason] = Object.entries(host.problems())[0] ?? [];
      if (role !== undefined) throw new NotHealthyError(`the speech models are gone (${role}): ${reason}`);
    },
  };
}

export function threadHealth(calls: { readonly isReady: boolean }): HealthSource {
  return {
    name: "call thread",
    async check() {
      if (!calls.isReady) throw new NotHealthyError("the call thread is being started");
    },
  };
}
