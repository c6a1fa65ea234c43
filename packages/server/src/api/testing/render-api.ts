import { fileURLToPath } from "node:url";
import type { AppDeps } from "../../http/app-deps.ts";
import { createApp } from "../create-app.ts";

export const openApiPath = fileURLToPath(new URL("../../../../../openapi/earshot.json", import.meta.url));

/** The description of the API as it is committed. No route is called for it, so nothing behind them is needed. */
export async function renderApi(): Promise<string> {
  const nothing = new Proxy({}, { get: () => () => undefined });
  const clock = nothing;
  const span = new Proxy({}, { get: () => () => undefined });
  const app = createApp({
    clock,
    isLoopback: false,
    log: nothing,
    metrics: nothing,
    webhooks: nothing,
    tracer: { startSpan: () => span },
  } as unknown as AppDeps);
  const response = await app.request("/openapi.json");
  return `${JSON.stringify(await response.json(), null, 2)}\n`;
}
