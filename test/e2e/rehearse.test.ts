import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startModelServer } from "./model-server.ts";
import { runEarshot } from "./run-earshot.ts";
import { type OwnServer, startOwnServer } from "./running-server.ts";

const AGENT = "Bloom Dental receptionist";
/** The server's default model plays callers here. */
const overrides = { models: { languageModel: "builtin/receptionist" } };

type Report = {
  readonly outcome: string;
  readonly calls: readonly {
    readonly status: string;
    readonly callId: string;
    readonly error?: string;
    readonly checks: readonly { readonly name: string; readonly hasPassed: boolean; readonly observed: string }[];
  }[];
};

describe("earshot rehearse", () => {
  let server: OwnServer;
  let model: Awaited<ReturnType<typeof startModelServer>>;
  let folder: string;
  const path = (name: string) => join(folder, name);
  const rehearse = async (name: string, scenario: object, ...args: string[]) => {
    await writeFile(path(name), JSON.stringify(scenario));
    return runEarshot(server, ["rehearse", path(name), ...args]);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-rehearsals-"));
    model = await startModelServer(["How much does a cleaning cost?", "Great, thank you. Bye. [hang up]"]);
    server = await startOwnServer({ environment: { EARSHOT_LLM_URL: model.url, EARSHOT_LLM_MODEL: "caller" } });
  });
  afterAll(async () => {
    await server?.stop();
    model?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("passes an agent that does what is expected, and saves reports and sound", async () => {
    const scenario = {
      name: "Asks for a price",
      agent: AGENT,
      overrides,
      caller: { voice: "flite:rms", line: "phone", noise: { kind: "pink", snrDb: 30 } },
      script: [
        "How much does a cleaning cost?",
        { hear: "eighty dollars" },
        { say: "No thank you, that is all. Goodbye." },
        { awaitEnd: true },
      ],
      expect: { agentHears: "/clean/", endReason: "agent-hung-up", tools: [{ name: "end_call" }], turns: { min: 2 } },
    };
    const ran = await rehearse("pass.json", scenario, "--json", "--junit", path("report.xml"), "--save", folder);
    const { outcome, calls } = ran.json<Report>();
    expect(calls[0]?.checks.filter(({ hasPassed }) => !hasPassed)).toEqual([]);
    expect({ outcome, exitCode: ran.exitCode }).toEqual({ outcome: "passed", exitCode: 0 });
    expect(calls[0]?.checks).toHaveLength(6);
    expect(ran.stderr).toMatch(/^ok {6}Asks for a price {2}\(6 of 6 checks, /m);
    expect(await readFile(path("report.xml"), "utf8")).toContain('tests="1" failures="0" errors="0"');
    const replayed = await runEarshot(server, ["replay", calls[0]?.callId ?? ""]);
    expect(replayed.stdout).toMatch(/^identical/);
    const heard = await runEarshot(server, ["transcribe", path("asks-for-a-price-1-agent.wav")]);
    expect(heard.stdout.toLowerCase()).toMatch(/eighty|80/);
  });

  it("fails an agent that doesn't, in one line for a deploy's gate", async () => {
    const scenario = {
      name: "Wants a bicycle",
      agent: AGENT,
      overrides,
      script: ["Where are you located?"],
      expect: { agentSays: "We sell bicycles", responseMs: { max: 1 } },
    };
    const { exitCode, stdout, stderr } = await rehearse("fail.json", scenario, "--gate");
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toMatch(
      /^FAIL {2}0 of 1 passed, 1 failed in [\d.]+ s, seed 1; first: Wants a bicycle: agent says: .+\n$/,
    );
    expect(stderr).toBe("");
  });

  it("says what could not be rehearsed, and why, with an exit code of its own", async () => {
    const ran = await rehearse("broken.json", { name: "A", agent: "Nobody", script: ["Hi."] }, "--json");
    expect(ran.exitCode, ran.stderr).toBe(2);
    const { outcome, calls } = ran.json<Report>();
    expect(outcome).toBe("broken");
    expect(calls[0]?.error).toContain(`There is no agent called "Nobody". The agents are: `);
    const wrong = await rehearse("wrong.json", { name: "C", agent: AGENT, script: [{ shout: "Hi." }] });
    expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
    expect(wrong.stderr).toContain("wrong.json:1: script.0: there is no shout here");
    const away = await runEarshot({ ...server, url: "http://127.0.0.1:9" }, ["rehearse", path("pass.json"), "--gate"]);
    expect(away).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(/^BROKEN/) });
  });

  it("has a language model play the caller, and a machine take a message", async () => {
    const answeringMachine = { greeting: "This is Tom. Leave a message after the beep.", recordsMs: 4000 };
    const scenarios = [
      { name: "Goal", agent: AGENT, overrides, goal: "Learn what a cleaning costs.", expect: { agentSays: "eighty" } },
      { name: "Machine", agent: AGENT, overrides, answeringMachine },
    ];
    const ran = await rehearse("far-ends.json", { scenarios }, "--json");
    const [goal, machine] = ran.json<Report>().calls;
    expect(goal, ran.stderr).toMatchObject({ status: "passed" });
    expect(machine?.checks[0]?.observed).toBe("The agent did not end the call within 4 s.");
    expect(ran.exitCode).toBe(1);
  });
});
