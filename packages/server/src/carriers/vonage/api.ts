import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import {
  type CarrierClient,
  type CarrierClientDeps,
  type CarrierProblem,
  createCarrierClient,
} from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import { createApplicationToken } from "./application-token.ts";

const problemShape = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  "error-code": z.coerce.string().optional(),
  "error-code-label": z.string().optional(),
});

/**
 * Vonage's API of numbers and accounts: paths such as "/number/search", bodies are forms.
 * https://developer.vonage.com/en/api/numbers
 */
export function createVonageAccountApi(access: AccessOf<"vonage">, deps: CarrierClientDeps): CarrierClient {
  return createCarrierClient(
    {
      provider: "vonage",
      baseUrl: access.apiUrl?.replace(/\/+$/, "") ?? "https://rest.nexmo.com",
      authorize: () => ({ Authorization: basicOf(access) }),
      readProblem,
    },
    deps,
  );
}

/** Vonage's applications: paths such as "/v2/applications", bodies are JSON. https://developer.vonage.com/en/api/application.v2 */
export function createVonageApplicationsApi(access: AccessOf<"vonage">, deps: CarrierClientDeps): CarrierClient {
  return createCarrierClient(
    { provider: "vonage", baseUrl: apiOf(access), authorize: () => ({ Authorization: basicOf(access) }), readProblem },
    deps,
  );
}

/**
 * Vonage's APIs of calls and messages, as the application: paths such as "/v1/messages" and "/v1/calls", bodies are JSON.
 * https://developer.vonage.com/en/api/messages-olympus
 */
export function createVonageApi(access: AccessOf<"vonage">, deps: CarrierClientDeps): CarrierClient {
  return createCarrierClient(
    { provider: "vonage", baseUrl: apiOf(access), authorize: () => authorize(access, deps), readProblem },
    deps,
  );
}

function apiOf({ apiUrl }: AccessOf<"vonage">): string {
  return apiUrl?.replace(/\/+$/, "") ?? "https://api.nexmo.com";
}

function basicOf({ credentials: { apiKey, apiSecret } }: AccessOf<"vonage">): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`;
}

function authorize({ credentials, voiceApplicationId }: AccessOf<"vonage">, { clock }: CarrierClientDeps) {
  const { privateKey } = credentials;
  const applicationId = credentials.applicationId ?? voiceApplicationId;
  if (applicationId === undefined || privateKey === undefined) {
    const text = "the carrier account needs credentials.applicationId and credentials.privateKey for that";
    throw new CarrierError({ provider: "vonage", kind: "refused", text });
  }
  const made = { nowS: Math.floor(clock.now().getTime() / 1000), tokenId: randomUUID() };
  return { Authorization: `Bearer ${createApplicationToken({ applicationId, privateKey }, made)}` };
}

function readProblem(body: unknown): CarrierProblem {
  const { title, detail, ...rest } = problemShape.catch({}).parse(body);
  const text = [title, detail].filter((part) => part !== undefined).join(": ");
  return { text: text || rest["error-code-label"], code: rest["error-code"] };
}
