import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readScenarios, ScenarioError, toScenarios } from "./read-scenarios.ts";

const ONE = `name: Asks
agent: Front desk
script:
  - Hello.
  - interrupt: Wait.
    when: { agentWords: 2 }
expect: { agentSays: hello }
`;

describe("a scenario file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-scenarios-"));
    await writeFile(join(folder, "b.yaml"), ONE);
    await writeFile(join(folder, "a.json"), JSON.stringify({ name: "First", agent: "x", script: ["Hi."] }));
    await writeFile(join(folder, "notes.txt"), "not a scenario");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is read alone or with its folder, in the order of the names", async () => {
    const found = await readScenarios([folder]);
    expect(found.map(({ scenario }) => scenario.name)).toEqual(["First", "Asks"]);
    expect(await readScenarios([join(folder, "b.yaml")])).toEqual([found[1]]);
    expect(found[1]?.scenario.script).toEqual([{ say: "Hello." }, { interrupt: "Wait.", when: { agentWords: 2 } }]);
    expect(found[1]?.scenario.expect.agentSays).toEqual(["hello"]);
  });

  it("that isn't there, or a folder without any, is named", async () => {
    await expect(readScenarios([join(folder, "no.yaml")])).rejects.toThrow("no.yaml does not exist");
    const empty = await mkdtemp(join(folder, "empty"));
    await expect(readScenarios([empty])).rejects.toThrow(ScenarioError);
  });

  it("may hold several, with what they have in common", () => {
    const text = `agent: Desk
caller: { line: phone, speed: 1.2 }
scenarios:
  - { name: A, script: [Hi.], caller: { speed: 0.9 } }
  - { name: B, agent: Other, script: [Hi.] }
`;
    const { scenarios, problems } = toScenarios("s.yaml", text);
    expect(problems).toEqual([]);
    expect(scenarios.map(({ agent, caller }) => ({ agent, ...caller }))).toEqual([
      { agent: "Desk", line: "phone", speed: 0.9 },
      { agent: "Other", line: "phone", speed: 1.2 },
    ]);
  });

  it("gives way to the agent and the pace that were asked for", () => {
    const { scenarios } = toScenarios("s.yaml", ONE, { agent: "New desk", pace: "real" });
    expect(scenarios[0]).toMatchObject({ agent: "New desk", pace: "real" });
  });

  it.each([
    ["name: A\nscript: [Hi.]", "s.yaml:1: agent: is missing"],
    ["name: A\nagent: b\nscript:\n  - Hi.\n  - shout: Hey", "s.yaml:5: script.1: there is no shout here"],
    [
      "name: A\nagent: b\nscript:\n  - { say: a, press: '1' }",
      "s.yaml:4: script.0: must have exactly one of say, interrupt",
    ],
    [
      "name: A\nagent: b\nscript:\n  - press: 12a",
      's.yaml:4: script.0.press: must be digits, * and # in quotes, e.g. "12#"',
    ],
    [
      "name: A\nagent: b\nscript:\n  - interrupt: a\n    when: { agentWords: 2, agentMs: 1 }",
      "script.0.when: must have exactly one",
    ],
    [
      "name: A\nagent: b\nscript: [a]\nexpect:\n  agentSays: /(/",
      "s.yaml:5: expect.agentSays: has a broken regular expression",
    ],
    ["name: A\nagent: b\nscript: [a]\ngoal: be happy", "must have exactly one of script, goal and answeringMachine"],
    ["name: A\nagent: b\nscript: [a]\ncaller: { noise: { kind: rain, snrDb: 1 } }", "caller.noise.kind"],
    [
      "name: A\nagent: b\nscript: [a]\nivr: { menus: { main: { prompt: x, keys: { '1': nowhere } } } }",
      'leads to "nowhere"',
    ],
    ["name: A\n  agent: b", "s.yaml:"],
    ["scenarios: []", "s.yaml:1: scenarios:"],
    ["just words", "s.yaml"],
    ["name: A\nagent: *nobody", "nobody"],
    ["", "s.yaml"],
  ])("names the file, the line, the field and the fix: %j", (text, problem) => {
    const { scenarios, problems } = toScenarios("s.yaml", text);
    expect(scenarios).toEqual([]);
    expect(problems.join("\n")).toContain(problem);
  });

  it("of any text is either understood or complained of", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const { scenarios, problems } = toScenarios("s.yaml", text);
        expect(scenarios.length > 0 || problems.length > 0).toBe(true);
      }),
    );
  });
});
