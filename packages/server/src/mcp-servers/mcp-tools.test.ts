import type { LanguageModel, ReplyRequest } from "@earshot/engine";
import { afterEach, describe, expect, test } from "vitest";
import { agentToolShape, type ToolOfKind } from "../agents/agent-tool.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { systemWallClock } from "../wall-clock.ts";
import { CallMcpTools, offerMcpTools } from "./call-mcp-tools.ts";
import type { McpEndpoint } from "./mcp-connection.ts";
import { McpConnections } from "./mcp-connections.ts";
import { type McpScript, startMcpServer, startSilentServer } from "./testing/mcp-test-server.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const schema = { type: "object", properties: { people: { type: "number" } } };
const book = { name: "book", description: "Books a table", inputSchema: schema };
const text = (words: string) => ({ content: [{ type: "text", text: words }] });
const signal = new AbortController().signal;

async function serverOf(transport: McpEndpoint["transport"], script: McpScript) {
  const server = await startMcpServer(transport, script);
  closers.push(() => server.close());
  return server;
}

function connections(allow: readonly string[] = ["127.0.0.0/8"]) {
  const guard = createUrlGuard({ allow });
  const made = new McpConnections({ guard, clock: systemWallClock });
  closers.push(
    () => guard.close(),
    () => made.close(),
  );
  return made;
}

const endpoint = (url: string, more: Partial<McpEndpoint> = {}): McpEndpoint => ({
  ...{ name: "Kitchen", url, transport: "streamable_http", headers: {}, timeoutMs: 2_000 },
  ...more,
});

function callWith(options: {
  connections: McpConnections;
  servers: Record<string, McpEndpoint>;
  tools?: readonly object[];
  taken?: readonly string[];
}) {
  const tools = (options.tools ?? [{}]).map(
    (tool, index) =>
      agentToolShape.parse({ kind: "mcp", name: `mcp_${index}`, mcpServerId: "mcp_1", ...tool }) as ToolOfKind<"mcp">,
  );
  const call = new CallMcpTools({
    ...{ tools, servers: options.servers, taken: new Set(options.taken) },
    connect: (to) => options.connections.get(to),
  });
  const placeholders = tools.map(({ name }) => ({ name: `mcp:${name}`, description: "", parameters: {} }));
  return {
    ready: () => call.ready,
    names: () => call.expand(placeholders).map(({ name }) => name),
    definitions: () => call.expand(placeholders),
    run: (name: string, given = "{}", until = signal) =>
      call.run({ toolCallId: "t1", name, arguments: given, sceneId: "main" }, until),
    call,
  };
}

describe.each(["streamable_http", "sse"] as const)("tools of an MCP server over %s", (transport) => {
  test("are offered as the server describes them, run, and give their text", async () => {
    const server = await serverOf(transport, { tools: [book], call: (_, { people }) => text(`table for ${people}`) });
    const to = endpoint(server.url, { transport, headers: { Authorization: "Bearer sesame" } });
    const call = callWith({ connections: connections(), servers: { mcp_1: to } });
    expect(await call.ready()).toEqual([]);
    expect(call.definitions()).toEqual([{ name: "book", description: "Books a table", parameters: schema }]);
    expect(await call.run("book", '{"people":4}')).toEqual({ outcome: "succeeded", result: "table for 4" });
    expect(new Set(server.headers.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer sesame"]));
  });

  test("work again after the server cut every connection", async () => {
    const server = await serverOf(transport, { tools: [book], call: () => text("ok") });
    const to = endpoint(server.url, { transport });
    const call = callWith({ connections: connections(), servers: { mcp_1: to } });
    await call.ready();
    await call.run("book");
    server.cut();
    await expect.poll(async () => (await call.run("book")).result, { timeout: 5_000 }).toBe("ok");
  });

  test("fail with a reason when the server dies while they run, and don't run twice", async () => {
    const server = await serverOf(transport, {
      tools: [book],
      call: () => {
        server.close();
        return new Promise(() => {});
      },
    });
    const to = endpoint(server.url, { transport, timeoutMs: 1_000 });
    const call = callWith({ connections: connections(), servers: { mcp_1: to } });
    await call.ready();
    const outcome = await call.run("book");
    expect(outcome.outcome).toBe("failed");
    expect(outcome.result).toMatch(/can't be reached|no answer within 1 seconds/);
    expect(server.calls).toEqual(["book"]);
  });

  test("give up on a server that never answers", async () => {
    const silent = await startSilentServer();
    closers.push(() => silent.close());
    const to = endpoint(silent.url, { transport, timeoutMs: 300 });
    const call = callWith({ connections: connections(), servers: { mcp_1: to } });
    expect(await call.ready()).toEqual([
      { server: "Kitchen", isRequired: true, message: "The MCP server gave no answer within 0.3 seconds." },
    ]);
    expect(call.names()).toEqual([]);
  });
});

describe("tools of MCP servers", () => {
  test("stop when the call no longer wants the result", async () => {
    const server = await serverOf("streamable_http", { tools: [book], call: () => new Promise(() => {}) });
    const call = callWith({ connections: connections(), servers: { mcp_1: endpoint(server.url) } });
    await call.ready();
    const controller = new AbortController();
    const running = call.run("book", "{}", controller.signal);
    await expect.poll(() => server.calls).toEqual(["book"]);
    controller.abort();
    expect(await running).toEqual({ outcome: "failed", result: "The tool was cancelled." });
  });

  test("that are slower than their server may be are failures, and not run twice", async () => {
    const server = await serverOf("streamable_http", {
      tools: [{ ...book, annotations: { idempotentHint: true } }],
      call: () => new Promise(() => {}),
    });
    const to = endpoint(server.url, { timeoutMs: 300 });
    const call = callWith({ connections: connections(), servers: { mcp_1: to } });
    await call.ready();
    expect((await call.run("book")).result).toBe("The MCP server gave no answer within 0.3 seconds.");
    expect(server.calls).toEqual(["book"]);
  });

  test("are believed as far as they go: those with broken schemas are left out, and false results are still told", async () => {
    const server = await serverOf("streamable_http", {
      tools: [
        { name: "liar", inputSchema: { type: "string" } },
        { name: "huge", inputSchema: { type: "object", description: "x".repeat(30_000) } },
        { description: "nameless", inputSchema: schema },
        { ...book, outputSchema: { type: "object", properties: { table: { type: "number" } }, required: ["table"] } },
      ],
      call: () => ({ content: [], structuredContent: { table: "none" } }),
    });
    const call = callWith({ connections: connections(), servers: { mcp_1: endpoint(server.url) } });
    expect(await call.ready()).toEqual([]);
    expect(call.names()).toEqual(["book"]);
    expect(await call.run("book")).toEqual({ outcome: "succeeded", result: '{"table":"none"}' });
  });

  test("tell a failure as one, and what isn't text by its name", async () => {
    const server = await serverOf("streamable_http", {
      tools: [book],
      call: () => ({
        isError: true,
        content: [
          { type: "text", text: "full" },
          { type: "image", data: "", mimeType: "image/png" },
        ],
      }),
    });
    const call = callWith({ connections: connections(), servers: { mcp_1: endpoint(server.url) } });
    await call.ready();
    expect(await call.run("book")).toEqual({ outcome: "failed", result: "full\n[image]" });
  });

  test("are listed once for all calls of a node", async () => {
    const server = await serverOf("streamable_http", { tools: [book], call: () => text("ok") });
    const shared = connections();
    for (let call = 0; call < 3; call++)
      await callWith({ connections: shared, servers: { mcp_1: endpoint(server.url) } }).ready();
    expect(server.lists()).toBe(1);
  });

  test("get their server's name in front where a name is taken, and only those allowed are offered", async () => {
    const server = await serverOf("streamable_http", {
      tools: [book, { ...book, name: "cancel" }, { ...book, name: "odd name!" }],
      call: (name) => text(name),
    });
    const servers = { mcp_1: endpoint(server.url), mcp_2: endpoint(server.url, { name: "Bar" }) };
    const tools = [{ allowedTools: ["book", "odd name!"] }, { mcpServerId: "mcp_2", allowedTools: ["book"] }];
    const call = callWith({ connections: connections(), servers, tools, taken: ["book"] });
    await call.ready();
    expect(call.names()).toEqual(["Kitchen_book", "odd_name_", "Bar_book"]);
    expect((await call.run("odd_name_")).result).toBe("odd name!");
  });

  test("of a server that is gone, or at a private address, are a failure with its reason", async () => {
    const servers = { mcp_1: endpoint("http://127.0.0.1:9/mcp") };
    const tools = [{ isRequired: false }, { mcpServerId: "mcp_9" }];
    const call = callWith({ connections: connections([]), servers, tools });
    const [forbidden, gone] = await call.ready();
    expect(forbidden).toMatchObject({ isRequired: false, message: expect.stringContaining("not allowed") });
    expect(gone).toMatchObject({ isRequired: true, message: "There is no such MCP server in the workspace." });
  });

  test("stand in the model's request once they are known", async () => {
    const server = await serverOf("streamable_http", { tools: [book], call: () => text("ok") });
    const { call } = callWith({ connections: connections(), servers: { mcp_1: endpoint(server.url) } });
    const requests: ReplyRequest[] = [];
    const model: LanguageModel = {
      name: "m",
      async *reply(request) {
        requests.push(request);
        yield { type: "text", text: "Hello." };
      },
    };
    const offered = offerMcpTools(model, call, (ready) => ready);
    const placeholder = { name: "mcp:mcp_0", description: "", parameters: {} };
    for await (const _ of offered.reply({ system: "", messages: [], tools: [placeholder] }, signal));
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(["book"]);
  });
});
