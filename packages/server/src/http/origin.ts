import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";
import { isSecure } from "./page-session.ts";

/** Where clients reach this server, such as https://voice.example.com: as configured, or as this one asked for it. */
export function originOf(c: Context<AppEnv>): string {
  const { publicUrl } = c.var;
  if (publicUrl !== undefined) return publicUrl;
  return `${isSecure(c) ? "https" : "http"}://${c.req.header("Host") ?? new URL(c.req.url).host}`;
}

/** Where a call's audio connects. */
export function audioUrlOf(c: Context<AppEnv>, callId: string, token: string): string {
  return `${originOf(c).replace(/^http/, "ws")}/v1/calls/${callId}/audio?token=${token}`;
}
