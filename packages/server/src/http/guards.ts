/** What every request must pass before anything looks at it. */
import type { HonoRequest } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { AppError } from "../app-error.ts";
import { isLoopbackHost } from "../config.ts";
import type { AppEnv } from "./app-env.ts";

const MAX_JSON_BYTES = 4_000_000;
/** Ten minutes of stereo at 48 kHz are 115 MB. */
const MAX_AUDIO_BYTES = 130_000_000;

/** Whether the Host header names this machine itself; a page elsewhere can't fake it (DNS rebinding). */
export function isLoopbackAuthority(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  return isLoopbackHost(new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, ""));
}

/** Refuses names of other machines on a server that only this machine can reach. */
export const loopbackHostOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (!isLoopbackAuthority(c.req.header("Host") ?? new URL(c.req.url).host))
    throw new AppError("host_not_allowed", "use localhost or 127.0.0.1, or set HOST to make the server public");
  await next();
});

const tooLarge = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError("payload_too_large", `the body must be at most ${maxSize / 1_000_000} MB`);
    },
  });
const limitAudio = tooLarge(MAX_AUDIO_BYTES);
const limitJson = tooLarge(MAX_JSON_BYTES);

/** What bodies may be other than JSON, by path. */
export type AudioPaths = ReadonlyMap<string, readonly string[]>;

/** @param audio paths whose bodies hold sound */
export function limitBody(audio: AudioPaths) {
  return createMiddleware<AppEnv>((c, next) => (audio.has(c.req.path) ? limitAudio(c, next) : limitJson(c, next)));
}

/** Bodies must say that they are JSON, or what else their path takes. */
export function requireMediaType(audio: AudioPaths) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.raw.body !== null && ["POST", "PATCH", "PUT", "DELETE"].includes(c.req.method)) {
      const type = (c.req.header("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
      const allowed = audio.get(c.req.path) ?? ["application/json"];
      const isBodiless = c.req.header("Content-Length") === "0" || isBare(c.req);
      if (!isBodiless && !allowed.includes(type))
        throw new AppError("unsupported_media_type", `Content-Type must be ${allowed[0]}`);
    }
    await next();
  });
}

/** Clients leave all three headers out where there is no body; the server's stream of it is there all the same. */
function isBare(request: HonoRequest): boolean {
  const headers = ["Content-Type", "Content-Length", "Transfer-Encoding"];
  return headers.every((name) => request.header(name) === undefined);
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

export const securityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  c.header("Content-Security-Policy", CONTENT_POLICY);
  c.header("X-Content-Type-Options", "nosniff");
  c.header("X-Frame-Options", "DENY");
  c.header("Referrer-Policy", "no-referrer");
  c.header("Permissions-Policy", "microphone=(self), camera=(), geolocation=()");
  c.header("Cross-Origin-Opener-Policy", "same-origin");
  c.header("Cross-Origin-Resource-Policy", "same-origin");
  if (c.req.path.includes("/v1/") && c.res.headers.get("Cache-Control") === null) c.header("Cache-Control", "no-store");
});
