/** Where finished recordings lie: on this machine, or in an S3-compatible object store. */

/** First and last byte, both included. */
export type ByteRange = { readonly start: number; readonly end: number };

export interface ObjectStore {
  readonly place: "disk" | "s3";
  /** Takes the file over: it is gone from `path` once all of it is known to have arrived. @throws when it hasn't */
  put(key: string, path: string, contentType: string): Promise<void>;
  /** All of it, or a part. Undefined when there is none. */
  read(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Undefined when there is none. */
  sizeOf(key: string): Promise<number | undefined>;
  /** Idempotent. */
  remove(key: string): Promise<void>;
  /** A link that needs no key of ours; undefined where only this server can hand it out. */
  link(key: string, wanted: { expiresInS: number; fileName: string; contentType: string }): Promise<string | undefined>;
}
