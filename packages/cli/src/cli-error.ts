import { EarshotError } from "@earshot/sdk";
import { apiKeyOf, baseUrlOf } from "./client.ts";
import type { Terminal } from "./terminal.ts";

/** Something the user can put right, in one sentence that says how. */
export class CliError extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "CliError";
  }
}

/** The command itself is wrong: the process ends with 2. */
export class UsageError extends CliError {}

/** What to say of whatever a command threw: a sentence, and for requests the wrong fields and the request's id. */
export function explain(error: unknown, terminal: Terminal): string {
  if (error instanceof EarshotError) return [explainEarshotError(error, terminal), ...detailsOf(error)].join("\n");
  return error instanceof Error ? error.message : String(error);
}

function explainEarshotError(error: EarshotError, { env }: Terminal): string {
  const url = baseUrlOf(env);
  if (error.code === "unreachable" && error.status === undefined) {
    return `${error.message} Start the server with: npx earshot start (or set EARSHOT_URL, which is ${url} now).`;
  }
  if (error.status === 401) {
    const trouble = apiKeyOf(env) === undefined ? "wants an API key" : "does not know this API key";
    return `The server at ${url} ${trouble}. Set EARSHOT_API_KEY to the key that it printed when it first started.`;
  }
  if (error.code === "timeout") return `${error.message} Is it overloaded? Try again, or look at its log.`;
  return error.message;
}

function detailsOf({ errors, requestId }: EarshotError): string[] {
  const fields = errors.map(({ path, message }) => `  ${path === "" ? "the body" : path}: ${message}`);
  return requestId === undefined ? fields : [...fields, `  request ${requestId}`];
}
