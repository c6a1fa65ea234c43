import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { ByteRange, ObjectStore } from "./object-store.ts";

/** Recordings as files of one folder. */
export class DiskObjects implements ObjectStore {
  readonly place = "disk";
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(key: string, path: string): Promise<void> {
    const place = this.#path(key);
    if (place === path) return;
    await mkdir(dirname(place), { recursive: true });
    await rename(path, place);
  }

  read(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined> {
    return readFilePart(this.#path(key), range);
  }

  sizeOf(key: string): Promise<number | undefined> {
    return sizeOfFile(this.#path(key));
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async link(): Promise<undefined> {
    return undefined;
  }

  #path(key: string): string {
    if (!/^[a-z0-9_]+\.[a-z0-9]+$/.test(key)) throw new Error("a recording's name has only letters, digits and _");
    return join(this.#folder, key);
  }
}

/** Undefined when there is no such file. It may be moved while it is read. */
export async function readFilePart(path: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined> {
  const file = await open(path).catch(ignoreMissing);
  if (file === undefined) return undefined;
  const part = range === undefined ? {} : { start: range.start, end: range.end };
  return Readable.toWeb(file.createReadStream(part)) as unknown as ReadableStream<Uint8Array>;
}

export async function sizeOfFile(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(ignoreMissing);
  return found?.isFile() ? found.size : undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
    return undefined;
  throw error;
}
