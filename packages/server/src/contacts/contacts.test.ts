import { expect, test } from "vitest";
import { testDeps } from "../api/testing/test-deps.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { newContactShape } from "./contact.ts";
import { createContact } from "./create-contact.ts";
import { deleteContact } from "./delete-contact.ts";
import { listContacts } from "./list-contacts.ts";
import { readContact } from "./read-contact.ts";
import { updateContact } from "./update-contact.ts";

describeOnEachDatabase("contacts", (database) => {
  const setUp = () => testDeps(database());
  const bo = (more: object = {}) => newContactShape.parse({ name: "Bo", phoneNumber: "+12125550111", ...more });

  test("have a number of their own in a workspace", async () => {
    const deps = setUp();
    const contact = await createContact(deps, "ws_one", bo({ phoneNumber: "+1 212 555 0111" }));
    expect(contact.phoneNumber).toBe("+12125550111");
    await expect(createContact(deps, "ws_one", bo())).rejects.toMatchObject({ code: "conflict" });
    const other = await createContact(deps, "ws_one", bo({ phoneNumber: "+12125550112" }));
    await expect(
      updateContact(deps, "ws_one", { id: other.id, patch: { phoneNumber: "+12125550111" } }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await readContact(deps.contacts, "ws_one", other.id)).toEqual(other);
    await createContact(deps, "ws_two", bo());
  });

  test("are found by part of the name, the number or the address", async () => {
    const deps = setUp();
    await createContact(deps, "ws_search", bo({ name: "Cy 100%", email: "cy@example.com" }));
    await createContact(deps, "ws_search", bo({ phoneNumber: "+12125550155" }));
    const names = async (search: string) =>
      (await listContacts(deps.contacts, "ws_search", { limit: 10, search })).data.map(({ name }) => name);
    expect(await names("cy")).toEqual(["Cy 100%"]);
    expect(await names("EXAMPLE")).toEqual(["Cy 100%"]);
    expect(await names("0155")).toEqual(["Bo"]);
    expect(await names("%")).toEqual(["Cy 100%"]);
    expect(await deps.contacts.count("ws_search", "b")).toBe(1);
  });

  test("lose what is set to null, and are gone when deleted", async () => {
    const deps = setUp();
    const { id } = await createContact(deps, "ws_patch", bo({ notes: "Rings late", metadata: { a: "1" } }));
    const updated = await updateContact(deps, "ws_patch", { id, patch: { notes: null, metadata: { b: "2" } } });
    expect(updated).not.toHaveProperty("notes");
    expect(updated.metadata).toEqual({ b: "2" });
    for (const workspace of ["ws_else", "ws_patch"]) {
      const remove = deleteContact(deps, workspace, id);
      if (workspace === "ws_else") await expect(remove).rejects.toMatchObject({ code: "not_found" });
      else await remove;
    }
    await expect(readContact(deps.contacts, "ws_patch", id)).rejects.toMatchObject({ code: "not_found" });
  });
});
