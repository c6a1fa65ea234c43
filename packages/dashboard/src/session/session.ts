import { request } from "../api/client.ts";

/** Exchanges an API key for this browser's session cookie. Throws ApiError (401 for a wrong key). */
export async function signIn(apiKey: string): Promise<void> {
  await request("/v1/session", { method: "POST", body: { apiKey } });
}
