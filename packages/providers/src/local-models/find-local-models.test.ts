import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Samples, SpeechToText, TextToSpeech } from "@earshot/engine";
import { describeSpeechToText } from "@earshot/engine/testing/contracts/speech-to-text-contract";
import { describeTextToSpeech } from "@earshot/engine/testing/contracts/text-to-speech-contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectSpeech, type SpeechConnection } from "../embedded/connect-speech.ts";
import { findPackageFile } from "../embedded/package-file.ts";
import { type SpeechHost, startSpeechHost } from "../embedded/speech-host.ts";
import { findTokenTable } from "../embedded/speech-to-text/token-table.ts";
import { speakForTest } from "../embedded/test-speech.ts";
import { findLocalModels } from "./find-local-models.ts";
import type { LocalModel } from "./local-model.ts";
import { writeToneVoice } from "./testing/tone-voice.ts";

vi.setConfig({ testTimeout: 60_000 });

let data = "";
let models: readonly LocalModel[] = [];
let host: SpeechHost;
let speech: SpeechConnection;
let table: Samples = new Int16Array(0);
let invoice: Samples = new Int16Array(0);

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), "earshot-local-"));
  const folder = path.join(data, "models");
  await writeToneVoice(path.join(folder, "tone"));
  await linkMoonshine(path.join(folder, "moonshine-tiny"));
  await writeToneVoice(path.join(folder, "vits-broken"));
  await writeFile(path.join(folder, "vits-broken", "model.onnx"), "not a model");
  await mkdir(path.join(folder, "empty"));
  await writeFile(path.join(folder, "small.gguf"), "GGUF");
  await writeFile(path.join(folder, "README.md"), "mine");
  models = await findLocalModels(folder);
  host = await startSpeechHost({ cacheDir: path.join(data, "cache"), localModels: models });
  speech = connectSpeech(host.connect().bundle);
  table = await speakForTest("I would like to book a table for two people.");
  invoice = await speakForTest("Please send the invoice to my office.", "flite:slt");
}, 120_000);

afterAll(async () => {
  speech.close();
  await host.close();
  await rm(data, { recursive: true });
});

describe("findLocalModels", () => {
  it("lists every model with its kind", () => {
    expect(models.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "local/empty text-to-speech",
      "local/moonshine-tiny speech-to-text",
      "local/small language-model",
      "local/tone text-to-speech",
      "local/vits-broken text-to-speech",
    ]);
  });

  it("knows the voices of a model", () => {
    expect(find("local/tone").voices?.map((voice) => voice.id)).toEqual(["tone:0", "tone:1"]);
  });

  it("gives the path of a language model to whoever loads it", () => {
    expect(find("local/small")).toMatchObject({ family: "gguf", path: path.join(data, "models", "small.gguf") });
  });

  it("says of a model that can't be loaded why, and lives on", () => {
    expect(find("local/vits-broken").problem).toContain("can't be loaded as vits");
    expect(find("local/empty").problem).toContain("holds no model that is known");
  });

  it("finds nothing in a folder that is not there", async () => {
    expect(await findLocalModels(path.join(data, "nowhere"))).toEqual([]);
  });
});

describe("the speech host", () => {
  it("loads what can be used and lists it beside the embedded models", () => {
    const listed = host.models().filter((model) => model.name.startsWith("local/"));
    expect(listed.map((model) => model.name).sort()).toEqual(["local/moonshine-tiny", "local/tone"]);
    expect(listed.every((model) => model.isLoaded && model.problem === undefined)).toBe(true);
  });
});

describeTextToSpeech("A voice from the models folder", () => ({ model: localVoice() }));
describeSpeechToText(
  "A recogniser from the models folder",
  () => ({ model: localRecogniser() }),
  () => [
    { samples: table, words: ["book", "table", "two", "people"], language: "en-US" },
    { samples: invoice, words: ["send", "invoice", "office"], language: "en-US" },
  ],
);

function find(name: string): LocalModel {
  const model = models.find((candidate) => candidate.name === name);
  if (model === undefined) throw new Error(`${name} was not found.`);
  return model;
}

function localVoice(): TextToSpeech {
  const [voice] = speech.local.textToSpeech;
  if (voice === undefined) throw new Error("The local voice is not connected.");
  return voice;
}

function localRecogniser(): SpeechToText {
  const [recogniser] = speech.local.speechToText;
  if (recogniser === undefined) throw new Error("The local recogniser is not connected.");
  return recogniser;
}

/** The recogniser of the embedded stack as if the operator had brought it. */
async function linkMoonshine(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of ["encoder_model.onnx", "decoder_model_merged.onnx"]) {
    const source = findPackageFile("@usefulsensors/moonshine-js", `dist/model/tiny/quantized/${file}`);
    await symlink(source, path.join(folder, file));
  }
  await symlink(await findTokenTable(path.join(data, "cache")), path.join(folder, "tokens.txt"));
}
