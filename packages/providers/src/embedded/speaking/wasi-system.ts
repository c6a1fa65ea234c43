import { Buffer } from "node:buffer";

/** Errors and flags of WASI preview 1 (wasi_snapshot_preview1 witx). */
const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NO_ENTRY = 44;
const NOT_SEEKABLE = 70;
const OPEN_CREATE = 1;
const FILE_TYPE = { character: 2, folder: 3, file: 4 };
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;

const STDERR = 2;
const ROOT = 3;

type MemoryFile = { bytes: Uint8Array<ArrayBuffer>; length: number };
type OpenFile = { readonly file: MemoryFile; position: number };

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

export type WasiResult = {
  readonly stdout: string;
  /** Files that were written, by path. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
};

/**
 * Runs a WASI command with an empty file system in memory: enough for Flite, and without the crashes of `node:wasi`
 * after some runs.
 * @throws Error with what the command wrote to standard error when it fails
 */
export function runWasi(module: WebAssembly.Module, args: readonly string[]): WasiResult {
  const system = new WasiSystem(args);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: system.imports() });
  const { memory, _start: start } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof start !== "function") {
    throw new Error("The WebAssembly file is not a WASI command.");
  }
  system.memory = memory;
  try {
    start();
  } catch (error) {
    if (!(error instanceof Exit && error.code === 0)) {
      throw new Error(`${args[0]} failed: ${system.text(STDERR).trim() || String(error)}`, { cause: error });
    }
  }
  return { stdout: system.text(1), files: system.written() };
}

class WasiSystem {
  memory: WebAssembly.Memory | undefined;
  readonly #args: readonly Uint8Array[];
  readonly #files = new Map<string, MemoryFile>();
  readonly #open = new Map<number, OpenFile>();
  readonly #streams = new Map<number, Uint8Array[]>([
    [1, []],
    [STDERR, []],
  ]);
  #nextDescriptor = ROOT + 1;

  constructor(args: readonly string[]) {
    this.#args = args.map((arg) => Buffer.from(`${arg}\0`));
  }

  text(stream: number): string {
    return Buffer.concat(this.#streams.get(stream) ?? []).toString();
  }

  written(): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
    return new Map([...this.#files].map(([path, file]) => [path, file.bytes.subarray(0, file.length)]));
  }

  imports(): Record<string, (...args: never[]) => number> {
    return {
      args_sizes_get: (count: number, size: number) => this.#argumentSizes(count, size),
      args_get: (pointers: number, buffer: number) => this.#arguments(pointers, buffer),
      clock_time_get: (_clock: number, _precision: bigint, out: number) => {
        this.#view().setBigUint64(out, BigInt(Math.round(performance.now() * 1e6)), true);
        return SUCCESS;
      },
      fd_close: (descriptor: number) => (this.#open.delete(descriptor) ? SUCCESS : BAD_DESCRIPTOR),
      fd_fdstat_get: (descriptor: number, out: number) => this.#describe(descriptor, out),
      fd_fdstat_set_flags: () => SUCCESS,
      fd_prestat_get: (descriptor: number, out: number) => {
        if (descriptor !== ROOT) return BAD_DESCRIPTOR;
        this.#view().setUint8(out, 0);
        this.#view().setUint32(out + 4, 1, true);
        return SUCCESS;
      },
      fd_prestat_dir_name: (descriptor: number, path: number) => {
        if (descriptor !== ROOT) return BAD_DESCRIPTOR;
        this.#bytes(path, 1).set(Buffer.from("/"));
        return SUCCESS;
      },
      fd_read: (_descriptor: number, _vectors: number, _count: number, out: number) => {
        this.#view().setUint32(out, 0, true);
        return SUCCESS;
      },
      fd_seek: (descriptor: number, offset: bigint, whence: number, out: number) =>
        this.#seek({ descriptor, offset: Number(offset), whence, out }),
      fd_write: (descriptor: number, vectors: number, count: number, out: number) =>
        this.#write({ descriptor, vectors, count, out }),
      path_open: (
        _folder: number,
        _lookup: number,
        path: number,
        length: number,
        flags: number,
        _rights: bigint,
        _inheriting: bigint,
        _fdFlags: number,
        out: number,
      ) => this.#openPath({ path, length, flags, out }),
      proc_exit: (code: number) => {
        throw new Exit(code);
      },
    };
  }

  #argumentSizes(count: number, size: number): number {
    const view = this.#view();
    view.setUint32(count, this.#args.length, true);
    view.setUint32(
      size,
      this.#args.reduce((total, arg) => total + arg.length, 0),
      true,
    );
    return SUCCESS;
  }

  #arguments(pointers: number, buffer: number): number {
    let at = buffer;
    for (const [index, arg] of this.#args.entries()) {
      this.#view().setUint32(pointers + 4 * index, at, true);
      this.#bytes(at, arg.length).set(arg);
      at += arg.length;
    }
    return SUCCESS;
  }

  #describe(descriptor: number, out: number): number {
    if (descriptor > ROOT && !this.#open.has(descriptor)) return BAD_DESCRIPTOR;
    const view = this.#view();
    view.setUint8(out, typeOf(descriptor));
    view.setUint16(out + 2, 0, true);
    view.setBigUint64(out + 8, ALL_RIGHTS, true);
    view.setBigUint64(out + 16, ALL_RIGHTS, true);
    return SUCCESS;
  }

  #seek(request: { descriptor: number; offset: number; whence: number; out: number }): number {
    const open = this.#open.get(request.descriptor);
    if (open === undefined) return NOT_SEEKABLE;
    const origin = [0, open.position, open.file.length][request.whence] ?? 0;
    open.position = origin + request.offset;
    this.#view().setBigUint64(request.out, BigInt(open.position), true);
    return SUCCESS;
  }

  #write(request: { descriptor: number; vectors: number; count: number; out: number }): number {
    const open = this.#open.get(request.descriptor);
    const stream = this.#streams.get(request.descriptor);
    if (open === undefined && stream === undefined) return BAD_DESCRIPTOR;
    const view = this.#view();
    let total = 0;
    for (let i = 0; i < request.count; i++) {
      const vector = request.vectors + 8 * i;
      const bytes = this.#bytes(view.getUint32(vector, true), view.getUint32(vector + 4, true));
      if (open === undefined) stream?.push(bytes.slice());
      else writeTo(open, bytes);
      total += bytes.length;
    }
    view.setUint32(request.out, total, true);
    return SUCCESS;
  }

  #openPath(request: { path: number; length: number; flags: number; out: number }): number {
    const path = Buffer.from(this.#bytes(request.path, request.length)).toString();
    let file = this.#files.get(path);
    if (file === undefined) {
      if ((request.flags & OPEN_CREATE) === 0) return NO_ENTRY;
      file = { bytes: new Uint8Array(1 << 17), length: 0 };
      this.#files.set(path, file);
    }
    const descriptor = this.#nextDescriptor++;
    this.#open.set(descriptor, { file, position: 0 });
    this.#view().setUint32(request.out, descriptor, true);
    return SUCCESS;
  }

  #view(): DataView {
    return new DataView(this.#buffer());
  }

  #bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer(), start, length);
  }

  #buffer(): ArrayBuffer {
    if (this.memory === undefined) throw new Error("The WASI command called before it was started.");
    return this.memory.buffer;
  }
}

function typeOf(descriptor: number): number {
  if (descriptor < ROOT) return FILE_TYPE.character;
  return descriptor === ROOT ? FILE_TYPE.folder : FILE_TYPE.file;
}

function writeTo(open: OpenFile, bytes: Uint8Array): void {
  const { file } = open;
  const end = open.position + bytes.length;
  if (end > file.bytes.length) {
    const larger = new Uint8Array(Math.max(end, 2 * file.bytes.length));
    larger.set(file.bytes);
    file.bytes = larger;
  }
  file.bytes.set(bytes, open.position);
  open.position = end;
  file.length = Math.max(file.length, end);
}
