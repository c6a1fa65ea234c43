import { z } from "zod";
import { AppError } from "../app-error.ts";
import { storableText } from "../storable-text.ts";

const CARRIER_PROVIDERS = ["twilio", "telnyx", "plivo", "vonage"] as const;

export const carrierProviderShape = z.enum(CARRIER_PROVIDERS);
export type CarrierProvider = z.infer<typeof carrierProviderShape>;

/** As people write them. */
export const PROVIDER_NAMES: Readonly<Record<CarrierProvider, string>> = {
  twilio: "Twilio",
  telnyx: "Telnyx",
  plivo: "Plivo",
  vonage: "Vonage",
};

const secret = storableText({ min: 1, max: 500 });

/** What each carrier wants to know one by. */
const SHAPES = {
  twilio: z.strictObject({
    accountSid: z.string().regex(/^AC[0-9a-f]{32}$/i, "must be AC and 32 hexadecimal digits"),
    authToken: secret,
  }),
  telnyx: z.strictObject({
    apiKey: secret,
    publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "must be 32 bytes in base64, as the portal shows it"),
  }),
  plivo: z.strictObject({ authId: storableText({ min: 1, max: 100 }).regex(/^[A-Z0-9]+$/i), authToken: secret }),
  vonage: z.strictObject({
    apiKey: storableText({ min: 1, max: 100 }).regex(/^[A-Za-z0-9]+$/),
    apiSecret: secret,
    signatureSecret: secret,
    applicationId: z.uuid().optional(),
    privateKey: storableText({ min: 1, max: 10_000 })
      .refine((text) => /^-----BEGIN (?:RSA )?PRIVATE KEY-----/.test(text.trim()), "must be a PEM private key")
      .optional(),
  }),
} as const satisfies Record<CarrierProvider, z.ZodObject>;

/** The credentials of one carrier, by its name. */
export type CredentialsOf<Provider extends CarrierProvider> = z.output<(typeof SHAPES)[Provider]>;

/** As the API takes them: which of them there must be is up to the provider. */
export const credentialsShape = z
  .strictObject({
    accountSid: z.string().max(100).describe("Twilio: the account's SID, AC…"),
    authToken: secret.describe("Twilio and Plivo: also signs their webhooks."),
    apiKey: secret.describe("Telnyx: KEY…; Vonage: the account's key."),
    publicKey: z.string().max(200).describe("Telnyx: proves that webhooks are theirs; base64, from the portal."),
    authId: z.string().max(100).describe("Plivo."),
    apiSecret: secret.describe("Vonage."),
    signatureSecret: secret.describe("Vonage: proves that webhooks are theirs; from the settings of the account."),
    applicationId: z.string().max(100).describe("Vonage: the application that calls and messages go through."),
    privateKey: storableText({ min: 1, max: 10_000 }).describe("Vonage: of the application, PEM."),
  })
  .partial()
  .meta({ id: "CarrierCredentials", description: "What the provider gave you. Never shown again." });

/** @throws AppError `invalid_request` naming each credential that is missing or wrong */
export function parseCredentials<Provider extends CarrierProvider>(
  provider: Provider,
  given: unknown,
): CredentialsOf<Provider> {
  const parsed = SHAPES[provider].safeParse(given);
  if (parsed.success) return parsed.data as CredentialsOf<Provider>;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: ["credentials", ...path].join("."),
    message,
  }));
  const [first] = errors;
  throw new AppError("invalid_request", `${first?.path}: ${first?.message} (${PROVIDER_NAMES[provider]})`, {
    details: { errors },
  });
}

/** What an account is known by at its provider; undefined where that would be a secret. */
export function accountNameOf(provider: CarrierProvider, credentials: unknown): string | undefined {
  const { accountSid, authId, apiKey } = credentials as Readonly<Record<string, string | undefined>>;
  return { twilio: accountSid, telnyx: undefined, plivo: authId, vonage: apiKey }[provider];
}
