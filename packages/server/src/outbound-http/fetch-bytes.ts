import { request } from "undici";
import { AppError, invalidField } from "../app-error.ts";
import { ForbiddenUrlError, type UrlGuard } from "./guard-url.ts";
import { readStart } from "./read-start.ts";

const HEADERS_TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 30_000;
const MAX_DRAINED_BYTES = 100_000;

type Wanted = { readonly url: string; readonly field: string; readonly maxBytes: number };

/** As `fetchContent`, without its type. */
export async function fetchBytes(
  guard: UrlGuard,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await fetchContent(guard, wanted, signal)).bytes;
}

/**
 * Gets what is at a URL that a user gave, as far as the guard lets it. Redirects aren't followed.
 * @param wanted `field`: named in the error
 * @returns `mediaType`: as the server says; "" where it doesn't
 * @throws AppError `invalid_request` saying why it can't be had
 */
export async function fetchContent(
  guard: UrlGuard,
  { url, field, maxBytes }: Wanted,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }> {
  try {
    const checked = guard.check(url);
    const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, bodyTimeout: BODY_TIMEOUT_MS };
    const { statusCode, headers, body } = await request(checked, { dispatcher: guard.dispatcher, signal, ...timeouts });
    if (statusCode !== 200) {
      await readStart(body, { keepBytes: 0, drainBytes: MAX_DRAINED_BYTES });
      throw new AppError("invalid_request", `it answered with status ${statusCode}`);
    }
    return { bytes: await readAll(body, maxBytes), mediaType: String(headers["content-type"] ?? "") };
  } catch (error) {
    throw unreachable(field, error);
  }
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the body.
    if (bytes > maxBytes) throw new AppError("invalid_request", `it is larger than ${maxBytes / 1_000_000} MB`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function unreachable(path: string, cause: unknown): AppError {
  const isTold = cause instanceof AppError || cause instanceof ForbiddenUrlError;
  const message = isTold ? `can't be fetched: ${cause.message}` : "can't be fetched: there is no answer";
  return invalidField(path, message, cause);
}
