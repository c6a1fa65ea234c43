/** What every request must pass before anything looks at it. */
import type { Context, HonoRequest } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { AppError } from "../app-error.ts";
import { isLoopbackHost } from "../config.ts";
import type { AppEnv } from "./app-env.ts";

const JSON_TYPE = "application/json";
const MAX_JSON_BYTES = 4_000_000;
/** Ten minutes of stereo at 48 kHz are 115 MB. */
const MAX_AUDIO_BYTES = 130_000_000;

/** Whether the Host header names this machine itself; a page elsewhere can't fake it (DNS rebinding). */
export function isLoopbackAuthority(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  return isLoopbackHost(new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, ""));
}

/**
 * Refuses names of other machines on a server that only this machine can reach.
 * @param isExempt what proves itself otherwise, and may come through a tunnel
 */
export const loopbackHostOnly = (isExempt: (request: HonoRequest) => boolean) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (!isExempt(c.req) && !isLoopbackAuthority(c.req.header("Host") ?? new URL(c.req.url).host))
      throw new AppError("host_not_allowed", "use localhost or 127.0.0.1, or set HOST to make the server public");
    await next();
  });

/** Told by the headers, because asking for the body itself makes a stream of it. */
export function hasBody(request: HonoRequest): boolean {
  if (request.method === "GET" || request.method === "HEAD") return false;
  const length = request.header("Content-Length");
  return length === undefined ? BODY_HEADERS.some((name) => request.header(name) !== undefined) : length !== "0";
}
/** Clients leave both out where there is no body. */
const BODY_HEADERS = ["Content-Type", "Transfer-Encoding"];

function tooLarge(maxBytes: number): AppError {
  return new AppError("payload_too_large", `the body must be at most ${maxBytes / 1_000_000} MB`);
}

/** For bodies that come in chunks, of a length that nobody says beforehand. */
const limitChunks = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge(maxSize);
    },
  });
const limitAudioChunks = limitChunks(MAX_AUDIO_BYTES);
const limitJsonChunks = limitChunks(MAX_JSON_BYTES);

/** What bodies may be other than JSON, by path. */
export type AudioPaths = ReadonlyMap<string, readonly string[]>;

/** @param audio paths whose bodies hold sound, and those that take JSON first, which may be no larger than that */
export function limitBody(audio: AudioPaths) {
  return async (c: Context): Promise<void> => {
    const [first = JSON_TYPE] = audio.get(c.req.path) ?? [];
    const isAudio = first !== JSON_TYPE;
    const length = c.req.header("Content-Length");
    if (length === undefined || c.req.header("Transfer-Encoding") !== undefined) {
      await (isAudio ? limitAudioChunks : limitJsonChunks)(c, async () => {});
      return;
    }
    const maxBytes = isAudio ? MAX_AUDIO_BYTES : MAX_JSON_BYTES;
    if (Number(length) > maxBytes) throw tooLarge(maxBytes);
  };
}

/** Bodies must say that they are JSON, or what else their path takes. */
export function requireMediaType(audio: AudioPaths) {
  return (c: Context): void => {
    const type = (c.req.header("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
    const allowed = audio.get(c.req.path) ?? [JSON_TYPE];
    if (allowed.includes(type)) return;
    const named = allowed[0] === JSON_TYPE ? allowed.join(", ") : allowed[0];
    throw new AppError("unsupported_media_type", `Content-Type must be ${named}`);
  };
}

export const WAV_TYPES = ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"];

const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY_HEADERS = Object.entries({
  "Content-Security-Policy": CONTENT_POLICY,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
});

/** Set before the answer is made: each header that is added to a finished one makes Hono build it anew. */
export const securityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  for (const [name, value] of SECURITY_HEADERS) c.header(name, value);
  if (c.req.path.includes("/v1/")) c.header("Cache-Control", "no-store");
  await next();
});
