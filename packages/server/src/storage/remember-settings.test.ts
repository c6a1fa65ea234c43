import { and, eq, sql } from "drizzle-orm";
import type { ClientBase } from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { SETTINGS_TABLES } from "./remember-settings.ts";
import { calls, phoneNumbers, workspaces } from "./schema.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "./testing/each-database.ts";

let opened: EmbeddedTestDatabase;
/** What reached the database. */
const sent: string[] = [];

beforeAll(async () => {
  opened = await openEmbeddedForTest();
  const { pool, drizzle } = opened.database;
  const client = await pool.connect();
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  client.query = ((first: unknown, ...rest: unknown[]) => {
    sent.push(typeof first === "string" ? first : (first as { text: string }).text);
    return query(first, ...rest);
  }) as ClientBase["query"];
  client.release();
  const at = new Date(0);
  await drizzle.insert(workspaces).values(
    ["one", "two"].map((id) => ({
      id,
      name: id,
      parentId: null,
      settings: { nested: { kept: 1 } },
      createdAt: at,
      updatedAt: at,
    })),
  );
}, 60_000);
afterAll(() => opened.dispose());
beforeEach(() => void sent.splice(0));

const drizzle = () => opened.database.drizzle;
const read = (id: string) => drizzle().select().from(workspaces).where(eq(workspaces.id, id));
const nameOf = async (id: string) => (await read(id))[0]?.name;
const rename = (id: string, name: string) => drizzle().update(workspaces).set({ name }).where(eq(workspaces.id, id));

it("asks the database once, for each question", async () => {
  for (const id of ["one", "two", "one", "two"]) expect(await nameOf(id)).toBe(id);
  expect(sent.length).toBe(2);
});

it("knows of a change at once, whichever way it was made", async () => {
  await nameOf("one");
  await rename("one", "by hand");
  expect(await nameOf("one")).toBe("by hand");
  await drizzle().execute(
    sql`with changed as (update ${workspaces} set name = 'in passing' where id = 'one' returning id) select * from changed`,
  );
  expect(await nameOf("one")).toBe("in passing");
  await opened.database.pool.query("update public.workspaces set name = $1 where id = 'one'", ["as text"]);
  expect(await nameOf("one")).toBe("as text");
  await drizzle().transaction(async (transaction) => {
    await transaction.update(workspaces).set({ name: "within" }).where(eq(workspaces.id, "one"));
    await transaction.select().from(workspaces);
  });
  expect(await nameOf("one")).toBe("within");
  await rename("one", "one");
});

it("keeps nothing of a change that is taken back, nor of what was asked while it was made", async () => {
  const asked: Promise<string | undefined>[] = [];
  const undone = drizzle().transaction(async (transaction) => {
    asked.push(nameOf("two"));
    await transaction.update(workspaces).set({ name: "never" }).where(eq(workspaces.id, "two"));
    asked.push(nameOf("two"));
    transaction.rollback();
  });
  await expect(undone).rejects.toThrow();
  expect(await Promise.all(asked)).toEqual(["two", "two"]);
  await rename("one", "one");
  await Promise.all([nameOf("two"), rename("two", "later")]);
  expect(await nameOf("two")).toBe("later");
  await rename("two", "two");
});

it("is not put off by writes of other tables that read settings", async () => {
  await nameOf("one");
  sent.splice(0);
  await drizzle().execute(
    sql`insert into ${calls} select * from ${calls} where workspace_id in (select id from ${workspaces} where id = 'none')`,
  );
  expect(await nameOf("one")).toBe("one");
  expect(sent.length).toBe(1);
});

it("leaves alone what reads other tables too, locks, or would answer differently each time", async () => {
  const twice = async (run: () => PromiseLike<unknown>) => {
    sent.splice(0);
    await run();
    await run();
    return sent.length;
  };
  expect(await twice(() => drizzle().select().from(calls))).toBe(2);
  expect(await twice(() => drizzle().select().from(workspaces).leftJoin(calls, eq(calls.id, workspaces.id)))).toBe(2);
  expect(await twice(() => drizzle().execute(sql`select w.id from ${workspaces} w, ${calls} c`))).toBe(2);
  expect(await twice(() => drizzle().execute(sql`select id from ${workspaces} where created_at < now()`))).toBe(2);
  expect(await twice(() => drizzle().select().from(workspaces).for("update"))).toBe(2);
  const joined = and(eq(phoneNumbers.workspaceId, workspaces.id), eq(phoneNumbers.status, "active"));
  expect(await twice(() => drizzle().select().from(workspaces).leftJoin(phoneNumbers, joined))).toBe(1);
});

it("lets no reader change what the others get", async () => {
  const [row] = (await read("one")) as unknown as [{ name: string; settings: { nested: object } }];
  expect(() => Object.assign(row.settings.nested, { kept: 2 })).toThrow(TypeError);
  row.name = "mine";
  expect(await read("one")).toMatchObject([{ name: "one", settings: { nested: { kept: 1 } } }]);
});

it("has none of the tables changed by what another one's deletion or trigger sets off", async () => {
  const { rows: foreign } = await drizzle().execute(sql`
    select conrelid::regclass::text as "table", confrelid::regclass::text as parent
    from pg_constraint where contype = 'f' and (confdeltype not in ('a', 'r') or confupdtype not in ('a', 'r'))`);
  const { rows: triggers } = await drizzle().execute(sql`select tgname from pg_trigger where not tgisinternal`);
  const affected = foreign.filter(({ table }) => SETTINGS_TABLES.some((name) => name === table));
  expect([affected, triggers]).toEqual([[], []]);
});
