import { expect, test } from "vitest";
import { testDeps } from "../api/testing/test-deps.ts";
import { Resources } from "../documents/resource.ts";
import { mcpServerKind } from "../mcp-servers/mcp-server.ts";
import { createMcpServer, openHeaders } from "../mcp-servers/write-mcp-server.ts";
import { sipTrunkKind } from "../sip-trunks/sip-trunk.ts";
import { createSipTrunk, openSipPassword, updateSipTrunk } from "../sip-trunks/write-sip-trunk.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { toolTemplateKind } from "../tool-templates/tool-template.ts";
import { createToolTemplate, openToolSecret, updateToolTemplate } from "../tool-templates/write-tool-template.ts";
import { createSecret } from "./create-secret.ts";
import { openSecret } from "./open-secret.ts";
import { readSecret } from "./read-secret.ts";
import { createVault, toVaultKey } from "./vault.ts";

const WORKSPACE = "ws_sealed";

describeOnEachDatabase("sealed secrets", (database) => {
  const setUp = () => {
    const deps = testDeps(database());
    const resources = {
      mcpServers: new Resources(deps, mcpServerKind),
      sipTrunks: new Resources(deps, sipTrunkKind),
      toolTemplates: new Resources(deps, toolTemplateKind),
    };
    return { ...deps, ...resources };
  };

  test("can be read by those who use them, and stand nowhere else", async () => {
    const deps = setUp();
    const { vault } = deps;
    const server = await createMcpServer(deps, WORKSPACE, {
      name: "M",
      url: "https://m.example",
      headers: { "X-Key": "word-one" },
    });
    expect(openHeaders(vault, WORKSPACE, server)).toEqual({ "X-Key": "word-one" });
    const trunk = await createSipTrunk(deps, WORKSPACE, { name: "S", host: "s.example", password: "word-two" });
    const renamed = await updateSipTrunk(deps, WORKSPACE, { id: trunk.id, patch: { name: "T" } });
    expect(openSipPassword(vault, WORKSPACE, renamed)).toBe("word-two");
    const tool = { kind: "webhook", name: "find", description: "d", secret: "word-three" };
    const template = await createToolTemplate(deps, WORKSPACE, { name: "T", tool });
    const { secret: _, ...unsigned } = tool;
    const patch = { tool: { ...unsigned, description: "e" } };
    const changed = await updateToolTemplate(deps, WORKSPACE, { id: template.id, patch });
    expect(openToolSecret(vault, WORKSPACE, changed)).toBe("word-three");
    await createSecret(deps, WORKSPACE, { provider: "openai", name: "default", value: "word-four" });
    expect(await openSecret(deps, WORKSPACE, { provider: "openai" })).toBe("word-four");
    expect(await openSecret(deps, "ws_other", { provider: "openai" })).toBeUndefined();
    const { rows } = await database().pool.query(
      "select (select json_agg(d) from documents d)::text || (select json_agg(s) from provider_secrets s)::text as all",
    );
    expect(rows[0].all).not.toContain("word-");
  });

  test("open in no other workspace", async () => {
    const deps = setUp();
    const trunk = await createSipTrunk(deps, WORKSPACE, { name: "S", host: "s.example", password: "word" });
    expect(() => openSipPassword(deps.vault, "ws_other", trunk)).toThrow();
  });

  test("whose key is lost can still be listed and replaced", async () => {
    const deps = setUp();
    const { id } = await createSecret(deps, WORKSPACE, { provider: "xai", name: "lost", value: "1234567890abcdef" });
    const vault = createVault(toVaultKey("another key"));
    expect(await readSecret({ ...deps, vault }, WORKSPACE, id)).not.toHaveProperty("lastCharacters");
    expect(await readSecret(deps, WORKSPACE, id)).toMatchObject({ lastCharacters: "cdef" });
  });
});
