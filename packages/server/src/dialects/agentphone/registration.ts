import { z } from "zod";
import { Resources } from "../../documents/resource.ts";
import { phoneNumberTextShape } from "../../phone-numbers/parse-phone-number.ts";
import { storableText } from "../../storable-text.ts";
import { createWorkspace } from "../../workspaces/create-workspace.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { readBody, workspaceOf } from "./requests.ts";

const line = storableText({ min: 1, max: 200 });
const prose = storableText({ min: 40, max: 4000 });
const link = z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000);

const USE_CASES = [
  ...["account_notification", "customer_care", "delivery_notification", "fraud_alert", "higher_education"],
  ...["marketing", "polling_voting", "public_service_announcement", "security_alert", "two_factor_authentication"],
] as const;
const ORGANIZATIONS = [
  ...["sole_proprietor", "private_corporation", "public_corporation", "llc", "partnership", "non_profit"],
  ...["co_op", "government"],
] as const;

/** What US carriers want to know of who texts for a business. */
const formShape = z.looseObject({
  registration_type: z.enum(["sole_proprietor", "standard_brand"]),
  first_name: line,
  last_name: line,
  email: z.email().max(320),
  phone_number: phoneNumberTextShape,
  business_name: line.nullish(),
  brand_name: line.nullish(),
  organization_type: z.enum(ORGANIZATIONS).nullish(),
  contact_title: z.enum(["ceo", "cfo", "cto", "coo", "vp", "gm", "director", "other"]).nullish(),
  contact_title_other: line.nullish(),
  ein: line.nullish(),
  website_url: link.nullish(),
  industry: line.nullish(),
  business_regions: z.array(line).max(50).optional(),
  street_address: line,
  street_address_2: line.nullish(),
  city: line,
  state: line,
  zip_code: line,
  country: line.optional(),
  planned_numbers: z.number().int().min(1).max(10_000).optional(),
  description: prose,
  use_cases: z.array(z.enum(USE_CASES)).min(1).max(5),
  volume: z.enum(["low", "high"]).optional(),
  message_samples: z
    .array(storableText({ min: 20, max: 1024 }))
    .min(2)
    .max(5),
  consent_flow: prose,
  privacy_policy_url: link.nullish(),
  terms_of_service_url: link.nullish(),
  opt_in_image_url: link,
  includes: z.array(z.enum(["links", "phone_numbers", "age_gated", "direct_lending"])).optional(),
  link_sample: storableText({ max: 2000 }).nullish(),
  create_sub_account: z.boolean().optional(),
});

const OF_BRANDS = [
  ...["business_name", "organization_type", "contact_title", "ein", "privacy_policy_url", "terms_of_service_url"],
] as const;

const registrationShape = formShape.superRefine((form, context) => {
  if (form.registration_type !== "standard_brand") return;
  for (const name of OF_BRANDS)
    if (form[name] === undefined || form[name] === null)
      context.addIssue({ code: "custom", path: [name], message: "is required for standard_brand" });
});

const KIND = { name: "a2p-registration", idPrefix: "reg", title: "registration", shape: formShape };
const NOT_SUBMITTED = "not_submitted";
const STORED = "The form is kept. No carrier is connected to this server, so it was submitted to nobody.";

export function addRegistrationRoutes(app: DialectApp, deps: DialectDeps): void {
  const registrations = new Resources(deps, KIND);

  app.post("/v1/register", async (c) => {
    const { given } = await readBody(c, registrationShape);
    const master = workspaceOf(c);
    const name = given.brand_name ?? given.business_name ?? `${given.first_name} ${given.last_name}`;
    const isOwn = given.create_sub_account !== false;
    const child = isOwn ? await createWorkspace(deps, master, { name: name.slice(0, 200), metadata: {} }) : undefined;
    await registrations.create(child?.id ?? master, given);
    return c.json({
      ok: true,
      message: STORED,
      campaign_status: NOT_SUBMITTED,
      sub_account_id: child?.id ?? null,
      fee_cents: 0,
    });
  });

  app.get("/v1/register/status", async (c) => {
    const [latest] = await registrations.list(workspaceOf(c), { limit: 1 });
    return latest === undefined
      ? c.json({ campaign_status: "not_registered", message: "No registration was sent.", stage: null })
      : c.json({ campaign_status: NOT_SUBMITTED, message: STORED, stage: "stored" });
  });
}
