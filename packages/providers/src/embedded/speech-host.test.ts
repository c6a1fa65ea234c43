import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import type { Samples, SpeechToTextEvent } from "@earshot/engine";
import { describeSpeechToText } from "@earshot/engine/testing/contracts/speech-to-text-contract";
import { describeTextToSpeech } from "@earshot/engine/testing/contracts/text-to-speech-contract";
import { describeVoiceActivity } from "@earshot/engine/testing/contracts/voice-activity-contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectSpeech, type SpeechConnection } from "./connect-speech.ts";
import { type SpeechHost, startSpeechHost } from "./speech-host.ts";
import { speakForTest } from "./test-speech.ts";

const TABLE = "I would like to book a table for two people.";
const INVOICE = "Please send the invoice to my office.";

let cacheDir = "";
let host: SpeechHost;
let speech: SpeechConnection;
let table: Samples = new Int16Array(0);
let invoice: Samples = new Int16Array(0);
const warnings: string[] = [];

beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "earshot-speech-"));
  host = await startSpeechHost({ cacheDir, log: (message) => warnings.push(message) });
  speech = connectSpeech(host.connect().bundle);
  table = await speakForTest(TABLE);
  invoice = await speakForTest(INVOICE, "flite:slt");
}, 60_000);

afterAll(async () => {
  speech.close();
  await host.close();
  await rm(cacheDir, { recursive: true });
});

vi.setConfig({ testTimeout: 60_000 });

describeVoiceActivity(
  "Silero in its thread",
  () => ({ model: speech.voiceActivity }),
  () => table,
);
describeTextToSpeech("Flite in its thread", () => ({ model: speech.textToSpeech }));
describeSpeechToText(
  "Moonshine in its thread",
  () => ({ model: speech.speechToText }),
  () => [
    { samples: table, words: ["book", "table", "two", "people"], language: "en-US" },
    { samples: invoice, words: ["send", "invoice", "office"], language: "en-US" },
  ],
);

describe("the speech host", () => {
  it("lists every model with its kind, licence and cost", () => {
    const models = host.models();
    const kinds = new Set(models.map((model) => model.kind));
    expect(kinds).toEqual(new Set(["voice-activity", "speech-to-text", "text-to-speech", "denoiser", "embedder"]));
    const base = models.find((model) => model.name === "embedded/moonshine-base");
    expect(base).toMatchObject({ isLoaded: true, licence: "MIT" });
    expect(base?.loadMs).toBeGreaterThan(0);
  });

  it("serves another thread through a transferred bundle", async () => {
    const { bundle, transferList } = host.connect();
    const code = `
      import { parentPort, workerData } from "node:worker_threads";
      const { connectSpeech } = await import(workerData.module);
      const speech = connectSpeech(workerData.bundle);
      const stream = speech.voiceActivity.open();
      stream.score(new Int16Array(512), (probability) => parentPort.postMessage(probability));
      setTimeout(() => {}, 5000).unref();
      parentPort.once("message", () => {});`;
    const module = new URL("./connect-speech.ts", import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: { bundle, module },
      transferList,
    });
    const probability = await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
    await worker.terminate();
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(0.5);
  });

  it("fails what is under way when the recogniser dies, starts it again and hears again", async () => {
    const events: SpeechToTextEvent[] = [];
    const stream = speech.speechToText.open({ language: "en-US", onEvent: (event) => events.push(event) });
    say(stream, 1, table);
    say(stream, 2, table);
    await host.crash("speechToText");
    await vi.waitFor(() => expect(events.filter((event) => event.type === "failed")).toHaveLength(2));
    expect(events.at(-1)).toMatchObject({
      type: "failed",
      utteranceId: 2,
      error: { kind: "unreachable", isRetryable: true },
    });
    await vi.waitFor(
      () => {
        say(stream, 3 + events.length, table);
        expect(events.some((event) => event.type === "final")).toBe(true);
      },
      { timeout: 30_000, interval: 500 },
    );
    stream.close();
    expect(warnings).toContain("A speech worker died and is started again");
  });

  it("fails a sentence being spoken when the voice dies, and speaks again afterwards", async () => {
    const speak = async (): Promise<number> => {
      let count = 0;
      const request = { text: `${TABLE} `.repeat(60), voiceId: "flite:rms" };
      for await (const _ of speech.textToSpeech.speak(request, new AbortController().signal)) count++;
      return count;
    };
    const outcome = speak().catch((error: unknown) => error);
    await host.crash("voice");
    expect(await outcome).toMatchObject({ stage: "text-to-speech", kind: "unreachable" });
    await vi.waitFor(async () => expect(await speak()).toBe(60), { timeout: 30_000, interval: 200 });
  });

  it("scores 0 while voice activity is gone, and real scores again afterwards", async () => {
    const stream = speech.voiceActivity.open();
    const score = (): Promise<number> => new Promise((resolve) => stream.score(table.slice(12_000, 12_512), resolve));
    expect(await score()).toBeGreaterThan(0);
    await host.crash("voiceActivity");
    await vi.waitFor(async () => expect(await score()).toBe(0));
    await vi.waitFor(async () => expect(await score()).toBeGreaterThan(0), { timeout: 30_000 });
    stream.close();
  });

  it("refuses a language that the model does not understand", () => {
    const open = (): unknown => speech.speechToText.open({ language: "de-DE", onEvent: () => undefined });
    expect(open).toThrow(/language: "de-DE" is not understood/);
  });

  it("lets the process end once it is closed", async () => {
    const code = `
      const { startSpeechHost, connectSpeech } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
      const host = await startSpeechHost({ cacheDir: ${JSON.stringify(cacheDir)} });
      const speech = connectSpeech(host.connect().bundle);
      speech.voiceActivity.open().score(new Int16Array(512), async () => {
        await host.close();
        await host.close();
        console.log("closed");
      });`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
      timeout: 30_000,
    });
    expect(stdout).toBe("closed\n");
  });

  it("names the folder when the cache can't be written", async () => {
    await expect(startSpeechHost({ cacheDir: "/dev/null/cache" })).rejects.toThrow(/speechToText.*\/dev\/null\/cache/);
  });
});

describe("the sentence encoder", () => {
  it("puts sentences of like meaning near each other", async () => {
    const [question, like, other] = await speech.embedder.embed([
      "When do you open tomorrow?",
      "What are your opening hours?",
      "The printer is out of paper.",
    ]);
    expect(question).toHaveLength(speech.embedder.dimensions);
    expect(cosine(question, like)).toBeGreaterThan(cosine(question, other) + 0.1);
    expect(cosine(question, question)).toBeCloseTo(1, 4);
  });

  it("gives a vector for an empty text too, and many in order", async () => {
    const texts = ["", ...Array.from({ length: 20 }, (_, i) => `Room ${i}`)];
    const vectors = await speech.embedder.embed(texts);
    expect(vectors).toHaveLength(21);
    const [again] = await speech.embedder.embed(["Room 7"]);
    expect(cosine(vectors[8], again)).toBeGreaterThan(0.99);
  });

  it("stops with the signal's reason", async () => {
    await expect(speech.embedder.embed(["hello"], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });
});

describe("the denoisers", () => {
  it.each(["light", "strong"] as const)("take noise out of speech and keep its timing: %s", async (strength) => {
    const denoiser = speech.denoisers[strength];
    const noisy = addNoise(table, 600);
    const stream = denoiser.open();
    const cleaned = new Int16Array(noisy.length);
    const frames = Math.floor(noisy.length / 320);
    await new Promise<void>((resolve) => {
      let count = 0;
      for (let i = 0; i < frames; i++) {
        stream.push(noisy.slice(i * 320, (i + 1) * 320), (frame) => {
          cleaned.set(frame, count++ * 320);
          if (count === frames) resolve();
        });
      }
    });
    stream.close();
    // The noise is judged where it has run a while and nobody speaks.
    expect(rms(cleaned.subarray(5000, 8000))).toBeLessThan(0.5 * rms(noisy.subarray(5000, 8000)));
    expect(Math.abs(findDelay(table, cleaned) - stream.delayMs * 16)).toBeLessThanOrEqual(2);
  });
});

function say(stream: ReturnType<SpeechConnection["speechToText"]["open"]>, id: number, samples: Samples): void {
  stream.begin(id);
  stream.push(samples.slice());
  stream.end(id);
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  for (const [i, value] of (a ?? new Float32Array()).entries()) sum += value * (b?.[i] ?? 0);
  return sum;
}

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function addNoise(samples: Samples, level: number): Samples {
  let seed = 1;
  return samples.map((sample) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return sample + Math.round((seed / 2 ** 31 - 1) * level);
  });
}

/** Samples by which `late` is behind `early`. */
function findDelay(early: Samples, late: Samples): number {
  let best = 0;
  let found = 0;
  for (let delay = 0; delay < 800; delay++) {
    let sum = 0;
    for (let i = 0; i + delay < late.length; i++) sum += (early[i] ?? 0) * (late[i + delay] ?? 0);
    if (sum > best) {
      best = sum;
      found = delay;
    }
  }
  return found;
}
