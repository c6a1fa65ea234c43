import { inject } from "vitest";
import { API_KEY, type RunningServer } from "./running-server.ts";

/**
 * The server that all test files talk to which need no process of their own. `EARSHOT_E2E_URL` names one that runs
 * already and is used as it is instead (with `EARSHOT_API_KEY`).
 */
export function sharedServer(): RunningServer {
  const url = process.env["EARSHOT_E2E_URL"];
  if (url === undefined) return inject("sharedServer");
  return { url, apiKey: process.env["EARSHOT_API_KEY"] ?? API_KEY };
}
