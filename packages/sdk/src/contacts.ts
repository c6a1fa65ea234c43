import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { QueryOf } from "./query-of.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Somebody whom agents know by name. */
export type Contact = components["schemas"]["Contact"];
export type NewContact = requests["schemas"]["NewContact"];
export type ContactPatch = requests["schemas"]["ContactPatch"];
export type ContactQuery = QueryOf<"listContacts">;

/** Whom agents know. Deleting one leaves what was said with them. */
export class Contacts extends Resource<{
  item: Contact;
  create: NewContact;
  update: ContactPatch;
  query: ContactQuery;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/contacts");
  }
}
