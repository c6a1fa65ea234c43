import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINE_RATE_HZ, encodeWav, parseWav, Resampler, type Samples, toSamples } from "@earshot/engine";
import { type Call, Earshot, type Transcription } from "@earshot/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeLines } from "./compose-lines.ts";
import { encodeFloatWav, encodeStereoWav, makeNoise } from "./odd-wavs.ts";
import { runEarshot } from "./run-earshot.ts";
import { sharedServer } from "./shared-server.ts";
import { speakAsCaller } from "./speak-as-caller.ts";
import { wordsHeard } from "./spoken-words.ts";

const AGENT = "Practice under test";
const QUESTION = "What are your opening hours on Saturday?";
const ANSWER = "On Saturday we are open from nine in the morning to one.";

type CallOutput = Call & { readonly outcome: string };

describe("the earshot command", () => {
  const server = sharedServer();
  let folder: string;
  let question: Samples;
  const path = (name: string) => join(folder, name);
  const earshot = (...args: string[]) => runEarshot(server, args);
  const callWith = (wav: string, ...args: string[]) =>
    earshot("call", "--agent", AGENT, "--wav", path(wav), "--fast", "--json", ...args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-wavs-"));
    const client = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    await client.agents.create({
      name: AGENT,
      prompt: "You answer the phone of a dental practice.",
      greeting: { mode: "static", text: "Hello, this is the practice." },
      notes: [ANSWER],
      models: { languageModel: "builtin/receptionist" },
    });
    question = await speakAsCaller(client, QUESTION);
    await writeFile(path("question.wav"), encodeWav({ samples: question, sampleRateHz: ENGINE_RATE_HZ }));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ["at real pace", []],
    ["faster than real time", ["--fast"]],
  ] as const)("calls an agent %s", async (_, pace) => {
    const out = path("answer.wav");
    const ran = await earshot("call", "--agent", AGENT, "--wav", path("question.wav"), "--out", out, "--json", ...pace);
    expect(ran.exitCode, ran.stderr).toBe(0);
    const call = ran.json<CallOutput>();
    expect(call.id).toMatch(/^call_/);
    expect(call).toMatchObject({ status: "ended", endReason: "caller-hung-up", outcome: "answered" });
    const said = (role: string) => call.transcript.filter((line) => line.role === role).map(({ text }) => text);
    expect(wordsHeard(QUESTION, said("caller").join(" "))).toBeGreaterThanOrEqual(0.8);
    const [, reply = ""] = said("agent");
    expect(wordsHeard(ANSWER, reply), reply).toBeGreaterThanOrEqual(0.8);
    expect(call.turns).toHaveLength(1);
    for (const { responseMs, segments } of call.turns)
      expect(Object.values(segments).reduce((sum, ms) => sum + ms, 0)).toBe(responseMs);
    const heard = await earshot("transcribe", out, "--json");
    const { text } = heard.json<Transcription>();
    expect(wordsHeard(reply, text), text).toBeGreaterThanOrEqual(0.7);
    const replayed = await earshot("replay", call.id);
    expect(replayed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^identical \(\d+ entries\)\n$/) });
  });

  it("speaks into a file, and writes down what it spoke", async () => {
    const said = await earshot("say", "The garden is open until six.", "--out", path("said.wav"), "--json");
    expect(said.json<object>()).toMatchObject({ out: path("said.wav") });
    expect(parseWav(await readFile(path("said.wav"))).durationMs).toBeGreaterThan(1000);
    const { exitCode, stdout } = await earshot("transcribe", path("said.wav"));
    expect(exitCode).toBe(0);
    expect(wordsHeard("The garden is open until six.", stdout)).toBeGreaterThanOrEqual(0.8);
  });

  it("takes stereo, other rates and floats for what they are", async () => {
    await writeFile(path("stereo.wav"), encodeStereoWav(question, ENGINE_RATE_HZ));
    await writeFile(path("telephone.wav"), encodeWav({ samples: toRate(question, 8000), sampleRateHz: 8000 }));
    await writeFile(path("studio.wav"), encodeWav({ samples: toRate(question, 48_000), sampleRateHz: 48_000 }));
    await writeFile(path("float.wav"), encodeFloatWav(question, ENGINE_RATE_HZ));
    const written = Promise.all(
      ["studio.wav", "float.wav"].map(async (name) => {
        const ran = await earshot("transcribe", path(name), "--json");
        return ran.json<Transcription>().text;
      }),
    );
    const called = Promise.all(
      ["stereo.wav", "telephone.wav"].map(async (name) => {
        const { transcript } = (await callWith(name)).json<CallOutput>();
        return transcript.find(({ role }) => role === "caller")?.text ?? "";
      }),
    );
    for (const heard of [...(await written), ...(await called)])
      expect(wordsHeard(QUESTION, heard), heard).toBeGreaterThanOrEqual(0.8);
  });

  it("says that nothing was heard in silence and in noise", async () => {
    await writeFile(
      path("silence.wav"),
      encodeWav({ samples: composeLines([], { tailMs: 3000 }), sampleRateHz: ENGINE_RATE_HZ }),
    );
    await writeFile(
      path("noise.wav"),
      encodeWav({ samples: makeNoise(toSamples(3000)), sampleRateHz: ENGINE_RATE_HZ }),
    );
    for (const ran of await Promise.all(["silence.wav", "noise.wav"].map((name) => callWith(name)))) {
      expect(ran.stderr).toContain("The agent heard no speech in the WAV.");
      expect(ran.exitCode).toBe(1);
      expect(ran.json<CallOutput>().outcome).toBe("not-heard");
    }
    const { exitCode, stderr } = await earshot("transcribe", path("silence.wav"));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining("no words were recognised") });
  });

  it("names what is wrong with a file that is no sound", async () => {
    await writeFile(path("empty.wav"), "");
    await writeFile(path("text.wav"), "This is not a recording.");
    await writeFile(path("cut.wav"), (await readFile(path("question.wav"))).subarray(0, 30));
    await writeFile(path("no-samples.wav"), (await readFile(path("question.wav"))).subarray(0, 44));
    const refusals = await Promise.all([
      callWith("empty.wav"),
      callWith("text.wav"),
      callWith("cut.wav"),
      earshot("transcribe", path("no-samples.wav")),
      earshot("transcribe", path("missing.wav")),
    ]);
    for (const { exitCode, stdout } of refusals) expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    const [empty, text, cut, noSamples, missing] = refusals.map(({ stderr }) => stderr.trim());
    expect(empty).toMatch(/^earshot: .*empty\.wav: The file is empty.*$/);
    expect(text).toMatch(/^earshot: .*text\.wav: .*WAV.*$/);
    expect(cut).toMatch(/^earshot: .*cut\.wav: .*WAV.*$/);
    expect(noSamples).toMatch(/^earshot: .*no-samples\.wav: .*no samples.*$/);
    expect(missing).toMatch(/^earshot: .*missing\.wav does not exist\. .*$/);
  });

  it("says what to put right when it can't call", async () => {
    const wav = path("question.wav");
    const refusals = await Promise.all([
      earshot("call", "--agent", "Nobody", "--wav", wav, "--json"),
      runEarshot({ ...server, apiKey: "a-key-of-somebody-else" }, ["call", "--agent", AGENT, "--wav", wav]),
      runEarshot({ ...server, url: "http://127.0.0.1:9" }, ["call", "--agent", AGENT, "--wav", wav]),
      callWith("question.wav", "--out", path("no/such/folder/x.wav")),
      earshot("replay", "call_0"),
    ]);
    for (const { exitCode, stdout } of refusals) expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    const [unknownAgent, wrongKey, nobodyThere, noFolder, noCall] = refusals.map(({ stderr }) => stderr);
    expect(unknownAgent).toContain('"Nobody"');
    expect(wrongKey).toContain("does not know this API key. Set EARSHOT_API_KEY");
    expect(nobodyThere).toContain("Start the server with: npx earshot start");
    expect(noFolder).toContain("does not exist");
    expect(noCall).toContain("call_0");
  });
});

function toRate(samples: Samples, rateHz: number): Samples {
  const resampler = new Resampler(ENGINE_RATE_HZ, rateHz);
  const [body, rest] = [resampler.push(samples), resampler.flush()];
  const whole = new Int16Array(body.length + rest.length);
  whole.set(body);
  whole.set(rest, body.length);
  return whole;
}
