import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type RequestInit, fetch as undiciFetch } from "undici";
import type { UrlGuard } from "../outbound-http/guard-url.ts";

/** Reaches what the guard lets it, and follows no redirect: each URL is checked before it is asked. */
export function createMcpFetch(guard: UrlGuard): FetchLike {
  return async (url, init) => {
    const checked = guard.check(String(url));
    const guarded = { ...(init as unknown as RequestInit), dispatcher: guard.dispatcher, redirect: "manual" } as const;
    // Two declarations of the same standard.
    return (await undiciFetch(checked, guarded)) as unknown as Response;
  };
}
