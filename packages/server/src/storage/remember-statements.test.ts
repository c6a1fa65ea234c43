import type { ClientBase } from "pg";
import { expect, it } from "vitest";
import { rememberStatements } from "./remember-statements.ts";

function makeClient() {
  const names: (string | undefined)[] = [];
  const client = {
    query: (config: { name?: string } | string) => {
      names.push(typeof config === "string" ? config : config.name);
    },
  } as unknown as ClientBase;
  rememberStatements(client);
  return { names, client };
}

it("names a statement once it has come again and again, and each by its own name", () => {
  const { names, client } = makeClient();
  for (let time = 0; time < 4; time++) void client.query({ text: "select $1" }, [time]);
  for (let time = 0; time < 3; time++) void client.query({ text: "select $2" }, [time]);
  expect(names).toEqual([undefined, undefined, "again_0", "again_0", undefined, undefined, "again_1"]);
});

it("leaves alone what has a name, is plain text, or would be one name too many", () => {
  const { names, client } = makeClient();
  for (let time = 0; time < 3; time++) void client.query({ name: "own", text: "select 1" });
  for (let time = 0; time < 3; time++) void client.query("begin");
  expect(names).toEqual(["own", "own", "own", "begin", "begin", "begin"]);
  for (let statement = 0; statement < 300; statement++)
    for (let time = 0; time < 3; time++) void client.query({ text: `select ${statement}` });
  expect(new Set(names.filter((name) => name?.startsWith("again_"))).size).toBe(200);
});
