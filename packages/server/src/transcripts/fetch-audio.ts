import { fetchBytes } from "../outbound-http/fetch-bytes.ts";
import type { UrlGuard } from "../outbound-http/guard-url.ts";

/** Gets the audio at a URL that a user gave. @throws AppError `invalid_request` when it can't be had */
export type FetchAudio = (url: string, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** As much as an upload may hold. */
export const MAX_AUDIO_BYTES = 130_000_000;

/** @param guard lets answers of `MAX_AUDIO_BYTES` through */
export function createFetchAudio(guard: UrlGuard): FetchAudio {
  return (url, signal) => fetchBytes(guard, { url, field: "audioUrl", maxBytes: MAX_AUDIO_BYTES }, signal);
}
