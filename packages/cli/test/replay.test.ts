import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  type CallBundle,
  DEFAULT_RULES,
  type JournalEntry,
  newConversation,
  reduce,
  writeBundle,
} from "@earshot/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runAgainst } from "./run-against.ts";

const AGENT = { id: "agt_1", name: "Front desk" };
const turn = (agent: string, more: object = {}) => ({ agent, tools: [], ...more });
const REPLAY = {
  callId: "call_1",
  outcome: "different",
  differences: 2,
  before: { id: "agt_1", name: "Front desk", version: 1 },
  after: { id: "agt_1", name: "Front desk", version: 2 },
  turns: [
    { caller: "", before: turn("Hello."), after: turn("Hello."), differences: [] },
    {
      caller: "A table at seven.",
      before: turn("It is booked.", {
        responseMs: 900,
        tools: [{ name: "book", arguments: '{"at":7}', outcome: "succeeded", result: "table 5" }],
      }),
      after: turn("We are", { responseMs: 700, interruptedAfterMs: 400 }),
      differences: ["words", "tools", "interruption"],
    },
    { caller: "Thanks.", before: turn("Bye."), differences: ["missing"] },
  ],
  end: {
    before: { reason: "agent-hung-up", durationMs: 9 },
    after: { reason: "agent-hung-up", durationMs: 9 },
    isSame: true,
  },
  repliesReused: 1,
  repliesAsked: 2,
  toolsNotRun: [{ name: "cancel", arguments: "{}" }],
  unsaid: ["Thanks."],
};

let server: Server;
let url = "";
let folder = "";
const asked: { route: string; body: string }[] = [];
let file = new Uint8Array();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-replay-"));
  file = new Uint8Array(await writeBundle(makeBundle()));
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const route = `${request.method} ${request.url}`;
    asked.push({ route, body: Buffer.concat(chunks).toString("latin1") });
    if (route.startsWith("GET /v1/calls/call_1/export")) return void response.end(file);
    const json = route.startsWith("GET /v1/agents") ? { data: [AGENT] } : ANSWERS[route];
    response.writeHead(json === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(json ?? { code: "not_found", detail: `nothing at ${route}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const ANSWERS: Readonly<Record<string, object>> = {
  "POST /v1/calls/call_1/replays": REPLAY,
  "POST /v1/calls/call_2/replays": { ...REPLAY, outcome: "same", differences: 0, turns: REPLAY.turns.slice(0, 1) },
  "POST /v1/calls/import": { id: "call_8" },
};

function makeBundle(): CallBundle {
  const event = { type: "call-started", rules: DEFAULT_RULES, atMs: 0 } as const;
  const entries: JournalEntry[] = [{ seq: 1, atMs: 0, event, effects: reduce(newConversation(), event).effects }];
  const scrubbed = { numbers: false, words: false };
  return {
    header: { format: "earshot-call", version: 1, exportedAt: "2026-01-02T03:04:05Z", callId: "call_1", scrubbed },
    call: { agentName: "Front desk" },
    entries,
  };
}

const run = (...args: string[]) => runAgainst(url, args);

describe("earshot replay with another agent", () => {
  it("shows each turn as it was and as it is, and ends with 1 when something differs", async () => {
    const { code, stdout } = await run("replay", "call_1", "--agent", "Front desk@2");
    expect(code).toBe(1);
    expect(asked.at(-1)).toMatchObject({
      route: "POST /v1/calls/call_1/replays",
      body: JSON.stringify({ agentId: "agt_1", version: 2 }),
    });
    expect(stdout).toBe(
      [
        "Front desk@1 -> Front desk@2",
        "",
        "(the opening)",
        "agent: Hello.",
        "",
        "caller: A table at seven.   [words, tools, interruption]",
        "- then: It is booked.",
        '        [book {"at":7} -> succeeded: table 5]',
        "+ now:  We are -- interrupted after 0.40 s",
        "  answered after 0.90 s then, 0.70 s now",
        "",
        "caller: Thanks.   [missing]",
        "- then: Bye.",
        "+ now:  (the call was over)",
        "",
        "ended: agent-hung-up",
        "",
        "The call was over before the caller said: Thanks.",
        "Not run, and without a recorded result: cancel {}",
        "",
        "differences: 2 (replies used again: 1, asked anew: 2)",
        "",
      ].join("\n"),
    );
  });

  it("ends with 0 when nothing differs, and takes the working version where none is named", async () => {
    const { code, stdout } = await run("replay", "call_2", "--agent", "front desk");
    expect(code).toBe(0);
    expect(asked.at(-1)?.body).toBe(JSON.stringify({ agentId: "agt_1" }));
    expect(stdout).toContain("same (replies used again: 1");
  });

  it("gives the comparison as it is with --json", async () => {
    const { stdout } = await run("replay", "call_1", "--agent", "agt_1", "--json");
    expect(JSON.parse(stdout)).toEqual(REPLAY);
  });
});

describe("the file of a call", () => {
  it("is saved, replays without a server, and is imported elsewhere", async () => {
    const out = join(folder, "bug.earshot-call.gz");
    expect(await run("calls", "export", "call_1", "--out", out, "--audio", "--scrub-numbers")).toMatchObject({
      code: 0,
    });
    expect(asked.at(-1)?.route).toBe("GET /v1/calls/call_1/export?audio=true&scrubNumbers=true");
    expect(new Uint8Array(readFileSync(out))).toEqual(file);
    const nowhere = await runAgainst("http://127.0.0.1:1", ["replay", out]);
    expect(nowhere).toMatchObject({ code: 0, stdout: "identical (1 entries)\n" });
    expect(await run("calls", "import", out)).toMatchObject({ code: 0, stdout: "call_8 was imported.\n" });
    expect(asked.at(-1)?.body).toBe(Buffer.from(file).toString("latin1"));
  });

  it.each([
    ["a text", "hello", "doesn't begin as gzip does"],
    ["a damaged one", gzipSync("{}").subarray(0, 12), "can't be unpacked"],
    ["a later version", gzipSync('{"format":"earshot-call","version":7}'), "this Earshot reads version 1"],
  ])("is refused before it travels when it is %s", async (_, content, reason) => {
    const path = join(folder, "bad.gz");
    writeFileSync(path, content);
    for (const args of [
      ["calls", "import", path],
      ["replay", path],
    ]) {
      const { code, stderr } = await runAgainst("http://127.0.0.1:1", args);
      expect(stderr).toContain(reason);
      expect(code).toBe(1);
    }
  });

  it("can't be held with another agent without a server, and says what to do", async () => {
    const { code, stderr } = await run("replay", "./a.gz", "--agent", "Front desk");
    expect(code).toBe(2);
    expect(stderr).toContain("earshot calls import ./a.gz first");
    expect((await run("replay", "./none.gz")).stderr).toContain("./none.gz can't be read");
  });
});
