import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";
import { isSecure } from "./page-session.ts";

/** Where clients reach this server, such as https://voice.example.com: as configured, or as this one asked for it. */
export function originOf(c: Context<AppEnv>): string {
  return c.var.publicUrl ?? askedOrigin(c);
}

/** Where a call's audio connects: where this very client reached us, which may be on this machine, past the proxy. */
export function audioUrlOf(c: Context<AppEnv>, callId: string, token: string): string {
  return `${askedOrigin(c).replace(/^http/, "ws")}/v1/calls/${callId}/audio?token=${token}`;
}

function askedOrigin(c: Context): string {
  return `${isSecure(c) ? "https" : "http"}://${c.req.header("Host") ?? new URL(c.req.url).host}`;
}
