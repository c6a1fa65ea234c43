import { z } from "zod";
import type { ContactCard, PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { updatePhoneNumber } from "../../phone-numbers/update-phone-number.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { readNumber } from "./numbers.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const cardShape = z.looseObject({
  firstName: storableText({ max: 100 }).nullable().optional(),
  lastName: storableText({ max: 100 }).nullable().optional(),
  displayName: storableText({ max: 200 }).nullable().optional(),
  avatarUrl: z
    .url({ protocol: /^https$/, error: "must be an HTTPS URL" })
    .max(2000)
    .nullable()
    .optional(),
});

const PATH = "/v1/numbers/:numberId/contact-card";

export function addContactCardRoutes(app: DialectApp, deps: DialectDeps): void {
  app.get(PATH, async (c) => c.json(toCard(await readNumber(deps, workspaceOf(c), pathPart(c, "numberId")))));

  app.put(PATH, async (c) => {
    const { id } = await readNumber(deps, workspaceOf(c), pathPart(c, "numberId"));
    const contactCard = fromCard((await readBody(c, cardShape)).given);
    return c.json(toCard(await updatePhoneNumber(deps, workspaceOf(c), { id, patch: { contactCard } })));
  });

  app.delete(PATH, async (c) => {
    const { id } = await readNumber(deps, workspaceOf(c), pathPart(c, "numberId"));
    await updatePhoneNumber(deps, workspaceOf(c), { id, patch: { contactCard: null } });
    return c.body(null, 204);
  });
}

function fromCard({ firstName, lastName, displayName, avatarUrl }: z.output<typeof cardShape>): ContactCard {
  return {
    ...(firstName ? { firstName } : {}),
    ...(lastName ? { lastName } : {}),
    ...(displayName ? { displayName } : {}),
    ...(avatarUrl ? { avatarUrl } : {}),
  };
}

function toCard({ contactCard: card }: PhoneNumber) {
  return {
    firstName: card?.firstName ?? null,
    lastName: card?.lastName ?? null,
    displayName: card?.displayName ?? null,
    hasAvatar: card?.avatarUrl !== undefined,
  };
}
