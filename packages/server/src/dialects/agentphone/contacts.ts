import { z } from "zod";
import type { Contact, ContactPatch } from "../../contacts/contact.ts";
import { newContactShape as ourContactShape } from "../../contacts/contact.ts";
import { createContact } from "../../contacts/create-contact.ts";
import { deleteContact } from "../../contacts/delete-contact.ts";
import { readContact } from "../../contacts/read-contact.ts";
import { updateContact } from "../../contacts/update-contact.ts";
import { toE164 } from "../../phone-numbers/parse-phone-number.ts";
import { storableText } from "../../storable-text.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { pageQuery, toOffsetPage } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const { phoneNumber, name, email, notes } = ourContactShape.shape;
const newContactShape = z.looseObject({
  phoneNumber,
  name,
  email: email.nullable(),
  notes: notes.nullable(),
});
const contactPatchShape = z
  .looseObject({
    phoneNumber: phoneNumber.nullable(),
    name: name.nullable(),
    email: email.nullable(),
    notes: notes.nullable(),
  })
  .partial();
const listQuery = z.object({ ...pageQuery({ limit: 50, max: 200 }), search: storableText({ max: 200 }).optional() });
const capabilitiesQuery = z.object({ phone_number: storableText({ min: 3, max: 40 }) });

export function addContactRoutes(app: DialectApp, deps: DialectDeps): void {
  const { contacts } = deps;

  app.get("/v1/contacts/capabilities", async (c) => {
    const asked = parseQuery(c, capabilitiesQuery).phone_number.replace(/^ /, "+");
    const number = toE164(asked);
    const isLocal = (await deps.phoneNumbers.findActive(number)) !== undefined;
    const checkedAt = deps.clock.now().toISOString();
    return c.json({ phoneNumber: number, capabilities: { imessage: false, sms: isLocal }, checkedAt });
  });

  app.get("/v1/contacts", async (c) => {
    const { search, ...page } = parseQuery(c, listQuery);
    const [found, total] = await Promise.all([
      contacts.list(workspaceOf(c), { ...page, search }),
      contacts.count(workspaceOf(c), search),
    ]);
    return c.json(toOffsetPage(found.map(toContact), total, page));
  });

  app.post("/v1/contacts", async (c) => {
    const { given } = await readBody(c, newContactShape);
    const created = await createContact(deps, workspaceOf(c), {
      phoneNumber: given.phoneNumber,
      name: given.name,
      ...(given.email ? { email: given.email } : {}),
      ...(given.notes ? { notes: given.notes } : {}),
      metadata: {},
    });
    return c.json(toContact(created), 201);
  });

  app.get("/v1/contacts/:contactId", async (c) =>
    c.json(toContact(await readContact(contacts, workspaceOf(c), pathPart(c, "contactId")))),
  );

  app.patch("/v1/contacts/:contactId", async (c) => {
    const patch = toPatch((await readBody(c, contactPatchShape)).given);
    return c.json(toContact(await updateContact(deps, workspaceOf(c), { id: pathPart(c, "contactId"), patch })));
  });

  app.delete("/v1/contacts/:contactId", async (c) => {
    await deleteContact(deps, workspaceOf(c), pathPart(c, "contactId"));
    return c.body(null, 204);
  });
}

/** A number or a name can't be taken away: null leaves it. */
function toPatch({ phoneNumber, name, email, notes }: z.output<typeof contactPatchShape>): ContactPatch {
  return {
    ...(phoneNumber ? { phoneNumber } : {}),
    ...(name ? { name } : {}),
    ...(email === undefined ? {} : { email }),
    ...(notes === undefined ? {} : { notes }),
  };
}

function toContact({ id, phoneNumber, name, email, notes, createdAt, updatedAt }: Contact) {
  return { id, phoneNumber, name, email: email ?? null, notes: notes ?? null, createdAt, updatedAt };
}
