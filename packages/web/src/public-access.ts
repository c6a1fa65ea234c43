import type { CallAccess } from "./call-access.ts";

/** What a page gets with nothing but a public key. @throws Error with the server's words */
export async function fetchPublicAccess(options: {
  /** Where Earshot is. */
  readonly baseUrl: string;
  readonly publicKey: string;
  readonly variables?: Readonly<Record<string, string>>;
}): Promise<CallAccess> {
  const { baseUrl, ...body } = options;
  const response = await fetch(new URL("/v1/public/web-calls", baseUrl), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json().catch(() => ({}))) as { readonly detail?: string; readonly audioUrl?: string };
  if (response.ok && answer.audioUrl !== undefined) return { audioUrl: answer.audioUrl };
  throw new Error(answer.detail ?? `The server answered ${response.status}.`);
}
