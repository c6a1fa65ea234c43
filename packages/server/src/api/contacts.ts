import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { contactPatchShape, contactShape, newContactShape } from "../contacts/contact.ts";
import { createContact } from "../contacts/create-contact.ts";
import { deleteContact } from "../contacts/delete-contact.ts";
import { listContacts } from "../contacts/list-contacts.ts";
import { readContact } from "../contacts/read-contact.ts";
import { updateContact } from "../contacts/update-contact.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["contacts"];
const params = idParams("con_01k9q0w3e4r5t6y7v8b9n0m1a2");
const aContact = { 200: jsonContent(contactShape, "The contact."), ...PROBLEMS };

const create = createRoute({
  method: "post",
  path: "/v1/contacts",
  operationId: "createContact",
  tags,
  summary: "Create a contact",
  request: jsonBody(newContactShape),
  responses: { 201: jsonContent(contactShape, "The contact."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/contacts",
  operationId: "listContacts",
  tags,
  summary: "List contacts, newest first",
  request: {
    query: z.object({
      ...pageQueryShape,
      search: z.string().max(200).optional().describe("Part of the name, the number or the e-mail address."),
    }),
  },
  responses: { 200: jsonContent(pageShape(contactShape, "ContactPage"), "A page of contacts."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/contacts/{id}",
  operationId: "readContact",
  tags,
  summary: "Read a contact",
  request: { params },
  responses: aContact,
});

const update = createRoute({
  method: "patch",
  path: "/v1/contacts/{id}",
  operationId: "updateContact",
  tags,
  summary: "Change a contact",
  request: { params, ...jsonBody(contactPatchShape) },
  responses: aContact,
});

const remove = createRoute({
  method: "delete",
  path: "/v1/contacts/{id}",
  operationId: "deleteContact",
  tags,
  summary: "Delete a contact",
  description: "What was said with them stays.",
  request: { params },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

export function contactRoutes(deps: Pick<AppDeps, "contacts" | "clock">) {
  const { contacts } = deps;
  return newRouter()
    .openapi(create, async (c) =>
      c.json(await createContact(deps, c.get("principal").workspaceId, c.req.valid("json")), 201),
    )
    .openapi(list, async (c) => {
      const { data, ...rest } = await listContacts(contacts, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json(await readContact(contacts, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(update, async (c) => {
      const change = { ...c.req.valid("param"), patch: c.req.valid("json") };
      return c.json(await updateContact(deps, c.get("principal").workspaceId, change), 200);
    })
    .openapi(remove, async (c) => {
      await deleteContact(deps, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
