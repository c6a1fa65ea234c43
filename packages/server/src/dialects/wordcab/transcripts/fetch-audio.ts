import { request } from "undici";
import { AppError } from "../../../app-error.ts";
import { ForbiddenUrlError, type UrlGuard } from "../../../outbound-http/guard-url.ts";
import type { FetchAudio } from "../../../transcripts/create-transcript.ts";

const MAX_BYTES = 130_000_000;
const TIMEOUT_MS = 60_000;

/** Gets audio that a user names: public addresses only, no redirects, 130 MB and a minute at most. */
export function createFetchAudio(guard: Pick<UrlGuard, "check" | "dispatcher">): FetchAudio {
  return async (url, signal) => {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const { statusCode, body } = await request(guard.check(url), { dispatcher: guard.dispatcher, signal: limit });
      if (statusCode !== 200) {
        await body.dump();
        throw unreachable(`it answered with status ${statusCode}`);
      }
      return await readAll(body);
    } catch (error) {
      throw error instanceof AppError ? error : unreachable(explain(error), error);
    }
  };
}

async function readAll(body: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw unreachable(`it holds more than ${MAX_BYTES / 1_000_000} MB`);
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

function explain(error: unknown): string {
  if (error instanceof ForbiddenUrlError) return error.message;
  if (error instanceof Error && error.name === "TimeoutError") return `it took longer than ${TIMEOUT_MS / 1000} s`;
  return "it can't be reached";
}

function unreachable(reason: string, cause?: unknown): AppError {
  const message = `can't be fetched: ${reason}`;
  return new AppError("invalid_request", `audio_url: ${message}`, {
    details: { errors: [{ path: "audio_url", message }] },
    cause,
  });
}
