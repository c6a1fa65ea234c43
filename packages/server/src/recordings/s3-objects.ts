import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ByteRange, ObjectStore } from "./object-store.ts";
import type { S3Settings } from "./s3-settings.ts";

/** A larger file is sent in parts of this size; the store takes none below 5 MiB but the last. */
const PART_BYTES = 8 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Recordings in a bucket. Each piece goes with its MD5, which the store checks; at the end the length is compared. */
export class S3Objects implements ObjectStore {
  readonly place = "s3";
  readonly #settings: S3Settings;
  readonly #client: S3Client;

  constructor(settings: S3Settings) {
    const { endpoint, region, credentials } = settings;
    this.#settings = settings;
    this.#client = new S3Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(credentials === undefined ? {} : { credentials }),
      // Stores that aren't Amazon's often know nothing of the newer checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    });
  }

  async put(key: string, path: string, contentType: string): Promise<void> {
    const file = await open(path);
    let size: number;
    try {
      size = (await file.stat()).size;
      const parts = readParts(file, size);
      const target = { ...this.#at(key), ContentType: contentType };
      if (size > PART_BYTES) await this.#putParts(target, parts);
      else
        for await (const Body of parts) await this.#client.send(new PutObjectCommand({ ...target, ...signed(Body) }));
    } finally {
      await file.close();
    }
    const arrived = await this.sizeOf(key);
    if (arrived !== size) throw new Error(`the object store has ${arrived ?? "no"} bytes of a recording of ${size}`);
    await rm(path, { force: true });
  }

  async read(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined> {
    try {
      const part = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end}` };
      const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#at(key), ...part }));
      return Body?.transformToWebStream() as ReadableStream<Uint8Array> | undefined;
    } catch (error) {
      return ignoreMissing(error);
    }
  }

  async sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await this.#client.send(new HeadObjectCommand(this.#at(key)))).ContentLength;
    } catch (error) {
      return ignoreMissing(error);
    }
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(key)));
  }

  link(key: string, wanted: { expiresInS: number; fileName: string; contentType: string }): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentType: wanted.contentType,
      ResponseContentDisposition: `inline; filename="${wanted.fileName}"`,
    });
    return getSignedUrl(this.#client, command, { expiresIn: wanted.expiresInS });
  }

  close(): void {
    this.#client.destroy();
  }

  async #putParts(target: { Bucket: string; Key: string; ContentType: string }, parts: AsyncIterable<Uint8Array>) {
    const { Bucket, Key } = target;
    const { UploadId } = await this.#client.send(new CreateMultipartUploadCommand(target));
    try {
      const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
      for await (const Body of parts) {
        const PartNumber = Parts.length + 1;
        const part = { Bucket, Key, UploadId, PartNumber, ...signed(Body) };
        Parts.push({ ETag: (await this.#client.send(new UploadPartCommand(part))).ETag, PartNumber });
      }
      const whole = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
      await this.#client.send(new CompleteMultipartUploadCommand(whole));
    } catch (error) {
      // What is left of it would be paid for.
      await this.#client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
      throw error;
    }
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#settings.bucket, Key: `${this.#settings.prefix}${key}` };
  }
}

async function* readParts(file: Awaited<ReturnType<typeof open>>, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size || at === 0; at += PART_BYTES) {
    const part = new Uint8Array(Math.min(PART_BYTES, size - at));
    for (let filled = 0; filled < part.length; ) {
      const { bytesRead } = await file.read(part, filled, part.length - filled, at + filled);
      if (bytesRead === 0) throw new Error("the recording became shorter while it was sent");
      filled += bytesRead;
    }
    yield part;
  }
}

function signed(Body: Uint8Array): { Body: Uint8Array; ContentMD5: string; ContentLength: number } {
  return { Body, ContentMD5: createHash("md5").update(Body).digest("base64"), ContentLength: Body.length };
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && (error.name === "NotFound" || error.name === "NoSuchKey")) return undefined;
  throw error;
}
