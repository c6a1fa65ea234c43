import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav, parseWav } from "@earshot/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeAgentOptions } from "./fake-agent.ts";
import { durationOf, type FakeEarshotServer, startFakeServer } from "./fake-earshot-server.ts";
import { type RunAgainstOptions, runAgainst } from "./run-against.ts";

let folder = "";
let server: FakeEarshotServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-cli-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

describe("earshot call", () => {
  it("speaks after the greeting, saves what it heard, prints the play and the waterfall", async () => {
    const out = join(folder, "answer.wav");
    const { code, stdout, stderr } = await run([
      "call",
      "--agent",
      "Front desk",
      "--wav",
      await wavFile(),
      "--out",
      out,
      "--fast",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("CALLER  When do you open?");
    expect(stdout).toContain("AGENT  At nine. — (cut off)");
    expect(stdout).toMatch(/end of turn +150 ms +█+/);
    expect(stdout).toMatch(/call_1 {2}.* times real time, ended: caller-hung-up/);
    const agent = server?.agents[0];
    const heard = parseWav(await readFile(out));
    expect(agent?.soundReceived).toBe(8000);
    expect(agent?.firstSoundFrame).toBeGreaterThan(25 + 15);
    expect(heard.samples).toHaveLength((agent?.framesReceived ?? 0) * 320);
    expect(heard.samples.filter((sample) => sample !== 0)).toHaveLength(2 * 25 * 320);
  });

  it("prints exactly one JSON object with --json", async () => {
    const { stdout } = await run(["call", "--agent", "agt_1", "--wav", await wavFile(), "--fast", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      id: "call_1",
      outcome: "answered",
      pace: "fast",
      turns: [{ replyId: "r2" }],
    });
    expect(stdout.trim().split("\n")).toHaveLength(1);
  });

  it("shows what happens as it happens to somebody who watches", async () => {
    const { stderr } = await run(["call", "--agent", "agt_1", "--wav", await wavFile(), "--fast"], { isLive: true });
    expect(stderr).toContain("Calling Front desk: call_1");
    expect(stderr).toMatch(/reply-ended r2/);
  });

  it("speaks over the greeting with --wait none and hands variables on", async () => {
    const wav = await wavFile();
    await run(["call", "--agent", "agt_1", "--wav", wav, "--fast", "--wait", "none", "--variable", "city=Bern=CH"]);
    expect(server?.agents[0]?.firstSoundFrame).toBe(0);
    expect(server?.posted.get("/v1/calls")).toMatchObject({ variables: { city: "Bern=CH" }, pace: "fast" });
  });

  it("brings any WAV to 16 kHz and one channel, and says so", async () => {
    const wav = await wavFile({ sampleRateHz: 44_100, channels: 2, length: 44_100 });
    const { code, stderr } = await run(["call", "--agent", "agt_1", "--wav", wav, "--fast"]);
    expect(code).toBe(0);
    expect(stderr).toContain("question.wav: mixed 2 channels down to one.");
    expect(stderr).toContain("question.wav: resampled from 44100 Hz to 16000 Hz.");
    expect(server?.agents[0]?.soundReceived).toBeGreaterThanOrEqual(8000);
  });

  it("fails when the agent does not answer", async () => {
    const { code, stderr } = await run(["call", "--agent", "agt_1", "--wav", await wavFile(), "--fast"], {
      afterSpeech: "nothing",
    });
    expect(code).toBe(1);
    expect(stderr).toContain("did not answer within 30 seconds");
  });

  it("fails when the agent hears no speech, with the result all the same", async () => {
    const wav = await wavFile({ value: 0 });
    const { code, stdout, stderr } = await run(["call", "--agent", "agt_1", "--wav", wav, "--fast", "--json"]);
    expect(code).toBe(1);
    expect(stderr).toContain("question.wav: is silent or nearly so");
    expect(stderr).toContain("The agent heard no speech in the WAV.");
    expect(JSON.parse(stdout)).toMatchObject({ id: "call_1", outcome: "not-heard" });
  });

  it("takes the agent's hanging up for a good end", async () => {
    const { code, stdout } = await run(["call", "--agent", "agt_1", "--wav", await wavFile(), "--fast", "--json"], {
      afterSpeech: "hang-up",
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "ended-by-agent" });
  });

  it("hangs up when interrupted", async () => {
    const interrupt = new AbortController();
    const { code, stderr } = await run(["call", "--agent", "agt_1", "--wav", await wavFile({ length: 160_000 })], {
      interrupted: interrupt.signal,
      isLive: true,
      onErr: (text) => text.includes("timer-fired") && interrupt.abort(),
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Interrupted");
  });
});

describe("speech", () => {
  it("says a text into a file", async () => {
    const out = join(folder, "x.wav");
    const { code, stdout } = await run([
      "say",
      "Good morning.",
      "--out",
      out,
      "--voice",
      "flite:slt",
      "--speed",
      "1.5",
      "--json",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ out, durationMs: 500, text: "Good morning." });
    expect(server?.posted.get("/v1/speech")).toEqual({ text: "Good morning.", voiceId: "flite:slt", speed: 1.5 });
    expect(parseWav(await readFile(out)).durationMs).toBe(500);
  });

  it("writes down a file, at 16 kHz and one channel", async () => {
    const wav = await wavFile({ sampleRateHz: 8000, channels: 2, length: 8000 });
    const { stdout } = await run(["transcribe", wav]);
    expect(stdout).toBe("hello there\n");
    expect(durationOf(server?.posted.get("/v1/transcriptions"))).toBe(500);
  });
});

describe("lists and single things", () => {
  it.each([
    [["agents", "list"], /^NAME +ID +VERSION +VOICE +LANGUAGE\nFront desk +agt_1 +2 /],
    [["agents", "get", "night desk"], /"id": "agt_2"/],
    [["agents", "show", "agt_2"], /"id": "agt_2"/],
    [["agents", "list", "--name", "Front desk"], /agt_1(?!.*agt_2)/s],
    [["agents", "list", "--all", "--limit", "1"], /agt_1.*agt_2/s],
    [["agents", "list", "--cursor", "1"], /^NAME.*\nNight desk .*\n$/],
    [["agents", "versions", "agt_2"], /^VERSION +DEPLOYED +NOTE\n2 +2026-01-02 +kinder/],
    [["agents", "diff", "agt_2", "2"], /"data": \[\]/],
    [["workspaces", "list"], /^ID +NAME +PARENT +CREATED\nws_1 +Child +ws_default/],
    [["api-keys", "list"], /^ID +NAME +PREFIX +SCOPES .*\nkey_1 +CI +ear_ab +\*/],
    [["voices", "list"], /flite:slt +SLT +en-US +female/],
    [["models", "list"], /builtin\/x +languageModel +yes +r/],
    [["calls", "list", "--agent", "Front desk"], /^ID +AGENT/],
  ])("%s prints a readable list, and one object with --json", async (args, expected) => {
    expect((await run(args)).stdout).toMatch(expected);
    const { stdout } = await run([...args, "--json"]);
    expect(typeof JSON.parse(stdout)).toBe("object");
    expect(stdout.trim().split("\n")).toHaveLength(1);
  });

  it("says that there is more, and how to get it", async () => {
    const { stdout, stderr } = await run(["agents", "list", "--limit", "1"]);
    expect(stdout).not.toContain("agt_2");
    expect(stderr).toBe("There are more: --all, or --cursor 1\n");
    const page = await run(["agents", "list", "--limit", "1", "--json"]);
    expect(page.stderr).toBe("");
    expect(JSON.parse(page.stdout)).toMatchObject({ data: [{ id: "agt_1" }], nextCursor: "1" });
  });

  it("creates from text, a file or standard input, changes and deletes by name", async () => {
    const file = join(folder, "agent.json");
    await writeFile(file, '{"name":"From a file"}');
    for (const [data, name] of [
      ['{"name":"Typed"}', "Typed"],
      [`@${file}`, "From a file"],
      ["-", "Piped"],
    ] as const) {
      const { code, stdout } = await run(["agents", "create", "--data", data], { stdin: '{"name":"Piped"}' });
      expect(code).toBe(0);
      expect(stdout).toContain('"id": "agt_3"');
      expect(server?.posted.get("/v1/agents")).toEqual({ name });
    }
    expect((await run(["agents", "update", "Night desk", "--data", '{"prompt":"Be brief."}'])).code).toBe(0);
    expect(server?.posted.get("/v1/agents/agt_2")).toEqual({ prompt: "Be brief." });
    expect((await run(["agents", "delete", "Night desk"])).stdout).toBe("agt_2 is deleted.\n");
    const deleted = await run(["api-keys", "delete", "key_1", "--json"]);
    expect(JSON.parse(deleted.stdout)).toEqual({ id: "key_1", isDeleted: true });
    const missing = await run(["agents", "create", "--data", "@/nowhere/agent.json"]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("/nowhere/agent.json can't be read") });
  });

  it("deploys agents and rolls them back", async () => {
    const deployed = await run(["agents", "deploy", "Night desk", "--data", '{"note":"kinder"}']);
    expect(deployed.stdout).toBe("Night desk is deployed as version 3.\n");
    expect(server?.posted.get("/v1/agents/agt_2/deploy")).toEqual({ note: "kinder" });
    expect((await run(["agents", "deploy", "agt_2"])).code).toBe(0);
    expect(server?.posted.get("/v1/agents/agt_2/deploy")).toEqual({});
    expect((await run(["agents", "rollback", "agt_2", "2"])).stdout).toContain("is as it was");
    expect(server?.posted.get("/v1/agents/agt_2/rollback")).toEqual({ version: 2 });
    const odd = await run(["agents", "rollback", "agt_2", "two"]);
    expect(odd).toMatchObject({ code: 2, stderr: 'earshot: "two" is no version: give a number from 1.\n' });
  });

  it("steers a live call", async () => {
    expect((await run(["calls", "say", "call_1", "One moment."])).stdout).toBe("Done.\n");
    await run(["calls", "tell", "call_1", "The caller is Ann."]);
    await run(["calls", "unmute", "call_1"]);
    await run(["calls", "transfer", "call_1", "+31201234567"]);
    expect(server?.posted.get("/v1/calls/call_1/say")).toEqual({ text: "One moment." });
    expect(server?.posted.get("/v1/calls/call_1/context")).toEqual({ content: "The caller is Ann." });
    expect(server?.posted.get("/v1/calls/call_1/mute")).toEqual({ isMuted: false });
    expect(server?.posted.get("/v1/calls/call_1/transfer")).toEqual({ destination: "+31201234567" });
    const warm = { mode: "warm", briefing: "Asks for a bill." };
    await run(["calls", "transfer", "call_1", "+31201234567", "--data", JSON.stringify(warm)]);
    expect(server?.posted.get("/v1/calls/call_1/transfer")).toEqual({ destination: "+31201234567", ...warm });
  });

  it("tells its version and what each noun can do", async () => {
    expect((await run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { code, stdout } = await run(["agents", "--help"]);
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}(\w+)(?=[ |])/gm)?.map((verb) => verb.trim())).toEqual(
      expect.arrayContaining(["list", "get", "create", "update", "delete"]),
    );
    expect((await run(["voices", "--help"])).stdout).not.toContain("delete");
  });

  it("shows a call, its journal and its recording, and replays it", async () => {
    await run(["call", "--agent", "agt_1", "--wav", await wavFile(), "--fast"]);
    expect((await run(["calls", "show", "call_1"])).stdout).toContain("AGENT  Hello.");
    expect((await run(["calls", "journal", "call_1"])).stdout).toContain('-> {"type":"start-reply"');
    expect(JSON.parse((await run(["calls", "end", "call_1", "--json"])).stdout)).toMatchObject({ id: "call_1" });
    const out = join(folder, "call.wav");
    expect((await run(["recordings", "download", "call_1", "--out", out])).code).toBe(0);
    expect((await run(["calls", "recording", "call_1", "--out", out])).code).toBe(0);
    expect(parseWav(await readFile(out)).durationMs).toBe(500);
    const replay = await run(["replay", "call_1"]);
    expect(replay).toMatchObject({ code: 1, stdout: expect.stringContaining("different at entry 1") });
  });
});

describe("trouble is one clear sentence and a non-zero exit", () => {
  it.each([
    [
      "an unknown agent",
      ["call", "--agent", "Nobody", "--wav", "WAV"],
      'There is no agent called "Nobody". The agents are: Front desk, Night desk.',
    ],
    ["a missing file", ["transcribe", "/nowhere/x.wav"], "/nowhere/x.wav does not exist."],
    ["a folder", ["transcribe", "/"], "/ is a folder."],
    ["an empty file", ["transcribe", "EMPTY"], "The file is empty (0 bytes)."],
    ["a text file", ["call", "--agent", "agt_1", "--wav", "TEXT"], "not a WAV"],
    ["an unwritable place", ["say", "x", "--out", "/nowhere/x.wav"], "/nowhere does not exist."],
    ["nothing to say", ["say", " ", "--out", "x.wav"], "There is nothing to say."],
    ["an unknown call", ["calls", "show", "call_9"], "There is nothing at GET /v1/calls/call_9."],
  ])("for %s", async (_name, args, sentence) => {
    const places: Record<string, string> = {
      WAV: await wavFile(),
      EMPTY: join(folder, "e.wav"),
      TEXT: join(folder, "t.wav"),
    };
    await writeFile(join(folder, "e.wav"), "");
    await writeFile(join(folder, "t.wav"), "hello, this is text");
    const { code, stdout, stderr } = await run(args.map((arg) => places[arg] ?? arg));
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("    at ");
  });

  it.each([
    ["an unknown command", ["cals"], "unknown command 'cals'"],
    ["an impossible speed", ["say", "x", "--out", "x.wav", "--speed", "9"], "Give a number from 0.5 to 2."],
    ["an impossible limit", ["agents", "list", "--limit", "0"], "Give a number from 1 to 100."],
    ["no body", ["agents", "create"], "required option '--data <json>' not specified"],
    ["a body that is no JSON", ["agents", "create", "--data", "{"], "--data is not JSON"],
    ["an unknown choice", ["calls", "list", "--status", "odd"], "Allowed choices are created, ringing, active, ended."],
  ])("and 2 for a command that is not understood: %s", async (_name, args, sentence) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });

  it("with each wrong field and the request's id", async () => {
    const { code, stderr } = await run(["agents", "update", "agt_1", "--data", '{"voice":{"speed":9}}']);
    expect(code).toBe(1);
    expect(stderr).toBe("earshot: The body is wrong.\n  voice.speed: must be at most 2\n  request req_9\n");
  });

  it("for a server that is not there", async () => {
    const { code, stderr } = await run(["agents", "list"], { env: { EARSHOT_URL: "http://127.0.0.1:1" } });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "earshot: No server answers at http://127.0.0.1:1. Start the server with: npx earshot start " +
        "(or set EARSHOT_URL, which is http://127.0.0.1:1 now).\n",
    );
  });

  it.each([
    [undefined, "wants an API key"],
    ["wrong", "does not know this API key"],
  ])("for the key %s", async (key, words) => {
    const { code, stderr } = await run(["voices", "list"], { apiKey: "right", env: { EARSHOT_API_KEY: key } });
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).toContain("Set EARSHOT_API_KEY");
  });
});

type RunOptions = FakeAgentOptions & RunAgainstOptions & { apiKey?: string };

async function run(args: readonly string[], options: RunOptions = {}) {
  server ??= await startFakeServer(options);
  return runAgainst(server.url, args, options);
}

/** Half a second of a tone that never crosses zero, unless told otherwise. */
async function wavFile({ sampleRateHz = 16_000, channels = 1, length = 8000, value = 3000 } = {}): Promise<string> {
  const path = join(folder, "question.wav");
  await writeFile(path, encodeWav({ samples: new Int16Array(length).fill(value), sampleRateHz, channels }));
  return path;
}
