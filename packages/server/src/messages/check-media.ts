import { request } from "undici";
import type { CarrierClientDeps } from "../carriers/carrier-client.ts";
import { ForbiddenUrlError } from "../outbound-http/guard-url.ts";

/** What carriers bring at most, of all attachments together. */
const MAX_BYTES = 5_000_000;
const TIMEOUT_MS = 10_000;
const TYPES = /^(?:image|audio|video|text|application)\//;

/**
 * Looks whether a carrier can fetch the attachments, and would bring them: by their headers, up to five megabytes.
 * @returns what is wrong, in words
 */
export async function checkMedia(
  guard: CarrierClientDeps["guard"],
  mediaUrls: readonly string[],
): Promise<string | undefined> {
  let bytes = 0;
  for (const [index, url] of mediaUrls.entries()) {
    const name = `mediaUrls.${index}`;
    try {
      const found = await look(guard, url);
      if (found.status !== 200) return `${name}: can't be fetched: it answered with status ${found.status}`;
      if (!TYPES.test(found.type)) return `${name}: must say its Content-Type, such as image/png`;
      bytes += found.bytes;
    } catch (error) {
      const reason = error instanceof ForbiddenUrlError ? error.message : "there is no answer";
      return `${name}: can't be fetched: ${reason}`;
    }
    if (bytes > MAX_BYTES) return `${name}: attachments must be at most ${MAX_BYTES / 1_000_000} MB together`;
  }
  return undefined;
}

async function look(guard: CarrierClientDeps["guard"], url: string) {
  const { statusCode, headers, body } = await request(guard.check(url), {
    method: "HEAD",
    dispatcher: guard.dispatcher,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await body.dump();
  const bytes = Number(headers["content-length"] ?? 0);
  return { status: statusCode, type: String(headers["content-type"] ?? ""), bytes: Number.isFinite(bytes) ? bytes : 0 };
}
