import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import { type CarrierClient, type CarrierClientDeps, createCarrierClient } from "../carrier-client.ts";

const problemShape = z.object({
  errors: z.array(
    z.object({ code: z.coerce.string().optional(), title: z.string().optional(), detail: z.string().optional() }),
  ),
});

/** Telnyx's API v2: paths such as "/messages", bodies are JSON. https://developers.telnyx.com/api-reference */
export function createTelnyxApi(access: AccessOf<"telnyx">, deps: CarrierClientDeps): CarrierClient {
  return createCarrierClient(
    {
      provider: "telnyx",
      baseUrl: `${access.apiUrl?.replace(/\/+$/, "") ?? "https://api.telnyx.com"}/v2`,
      authorize: () => ({ Authorization: `Bearer ${access.credentials.apiKey}` }),
      readProblem(body) {
        const [problem] = problemShape.catch({ errors: [] }).parse(body).errors;
        const { code, title, detail } = problem ?? {};
        return { text: [title, detail].filter((text) => text !== undefined).join(": ") || undefined, code };
      },
    },
    deps,
  );
}
