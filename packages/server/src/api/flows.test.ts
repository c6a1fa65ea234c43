import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { apiClient } from "./testing/api-client.ts";

const flow = {
  entryNode: "start",
  nodes: [
    { id: "start", type: "conversation" },
    { id: "bye", type: "end", firstLine: "Goodbye." },
  ],
  edges: [{ from: "start", to: "bye", description: "The caller is done" }],
};
const broken = {
  ...flow,
  edges: [
    { from: "start", to: "nowhere", description: "d" },
    { from: "start", to: "bye" },
  ],
};
const PATHS = ["flow.edges.0.to", "flow.edges.1.description"];

describeOnEachDatabase("an agent's flow", (database) => {
  test("is kept, changed as a whole and taken away", async () => {
    const { send } = apiClient(database());
    const { status, body } = await send("POST", "/v1/agents", { name: "Led", flow });
    expect([status, body["warnings"]]).toEqual([201, []]);
    expect(body["flow"]).toMatchObject({ ...flow, version: 1 });
    const path = `/v1/agents/${body["id"]}`;
    const other = {
      entryNode: "a",
      nodes: [
        { id: "a", type: "conversation" },
        { id: "b", type: "end" },
      ],
    };
    const changed = await send("PATCH", path, { flow: other });
    expect(changed.body["flow"]).toMatchObject({ ...other, edges: [] });
    expect(changed.body["warnings"]).toMatchObject([
      { code: "unreachable_node", message: expect.stringContaining('"b"') },
    ]);
    expect((await send("PATCH", path, { flow: null })).body).not.toHaveProperty("flow");
  });

  test("tells which settings of a node only a whole call can have", async () => {
    const { send } = apiClient(database());
    const overrides = { language: "nl", keyterms: ["Ada"], temperature: 0.2, models: { speechToText: "x" } };
    const nodes = [{ id: "a", type: "conversation", overrides }];
    const { status, body } = await send("POST", "/v1/agents", { name: "Led", flow: { entryNode: "a", nodes } });
    const warnings = body["warnings"] as { code: string; field: string }[];
    expect([status, warnings.map(({ code, field }) => `${code} ${field}`)]).toEqual([
      201,
      ["language", "keyterms", "models.speechToText"].map((path) => `not_honoured flow.nodes.0.overrides.${path}`),
    ]);
  });

  test("with flaws is refused, and each flaw is told", async () => {
    const { send } = apiClient(database());
    const { body } = await send("POST", "/v1/agents", { name: "Led", flow });
    for (const refused of [
      await send("POST", "/v1/agents", { name: "Led", flow: broken }),
      await send("PATCH", `/v1/agents/${body["id"]}`, { flow: broken }),
    ]) {
      expect(refused.status).toBe(422);
      const errors = refused.body["errors"] as { path: string; message: string }[];
      expect(errors.map(({ path }) => path)).toEqual(PATHS);
      expect(errors[0]?.message).toBe('there is no node "nowhere"');
    }
  });
});
