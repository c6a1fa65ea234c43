/** Signing in failed; the message is a sentence for the person at the form. */
export class SignInError extends Error {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = "SignInError";
  }
}

/** Exchanges an API key for this browser's session cookie. Throws SignInError. */
export async function signIn(apiKey: string): Promise<void> {
  const response = await post("/v1/session", { apiKey });
  if (response.ok) return;
  if (response.status === 401) throw new SignInError("This server doesn't know that key.");
  throw new SignInError(`Signing in failed: the server answered ${response.status}.`);
}

async function post(path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  try {
    // biome-ignore lint/style/noRestrictedGlobals: the cookie is for pages alone, so the SDK knows nothing of it
    return await fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin" });
  } catch (cause) {
    throw new SignInError("The Earshot server can't be reached.", { cause });
  }
}
