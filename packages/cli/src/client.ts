import { Earshot } from "@earshot/sdk";
import type { Terminal } from "./terminal.ts";

type Environment = Terminal["env"];

/** A client of the server that EARSHOT_URL names, with the key of EARSHOT_API_KEY, in the workspace EARSHOT_WORKSPACE. */
export function connect({ env }: Terminal): Earshot {
  const apiKey = apiKeyOf(env);
  return new Earshot({ baseUrl: baseUrlOf(env), apiKey, workspaceId: env["EARSHOT_WORKSPACE"] || undefined });
}

/** Default http://127.0.0.1:8080. */
export function baseUrlOf(env: Environment): string {
  return env["EARSHOT_URL"] || "http://127.0.0.1:8080";
}

export function apiKeyOf(env: Environment): string | undefined {
  return env["EARSHOT_API_KEY"] || undefined;
}
