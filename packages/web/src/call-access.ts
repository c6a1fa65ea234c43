/** What lets a page take up one call: the answer of `POST /v1/web-calls`, or the token alone. */
export type CallAccess =
  | string
  | { readonly token: string }
  | { readonly accessToken: string }
  | { readonly audioUrl: string };

/** An access token, or what fetches a fresh one: it is asked for once the microphone is there, as a token lives 30 s. */
export type GivesAccess = CallAccess | (() => CallAccess | Promise<CallAccess>);

/**
 * Where the call's socket is.
 * @param baseUrl of the server, for access by token
 */
export async function toSocketUrl(given: GivesAccess, baseUrl: string): Promise<string> {
  const access = typeof given === "function" ? await given() : given;
  if (typeof access !== "string" && "audioUrl" in access) return access.audioUrl;
  const token = tokenOf(access);
  const [callId = ""] = token.split(".", 1);
  const url = new URL(`/v1/calls/${encodeURIComponent(callId)}/audio`, baseUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("token", token);
  return url.href;
}

/** The same socket, with another token. */
export function withToken(socketUrl: string, token: string): string {
  const url = new URL(socketUrl);
  url.searchParams.set("token", token);
  return url.href;
}

function tokenOf(access: Exclude<CallAccess, { readonly audioUrl: string }>): string {
  if (typeof access === "string") return access;
  return "token" in access ? access.token : access.accessToken;
}
