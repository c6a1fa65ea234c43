import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import { type CarrierClient, type CarrierClientDeps, createCarrierClient } from "../carrier-client.ts";

const problemShape = z.object({ error: z.union([z.string(), z.record(z.string(), z.unknown())]).optional() });

/** Plivo's API v1, below the account: paths such as "/Message/", bodies are JSON. https://www.plivo.com/docs */
export function createPlivoApi(access: AccessOf<"plivo">, deps: CarrierClientDeps): CarrierClient {
  const { authId, authToken } = access.credentials;
  return createCarrierClient(
    {
      provider: "plivo",
      baseUrl: `${access.apiUrl?.replace(/\/+$/, "") ?? "https://api.plivo.com"}/v1/Account/${authId}`,
      authorize: () => ({ Authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString("base64")}` }),
      readProblem(body) {
        const { error } = problemShape.catch({}).parse(body);
        return { text: typeof error === "object" ? JSON.stringify(error) : error };
      },
    },
    deps,
  );
}
