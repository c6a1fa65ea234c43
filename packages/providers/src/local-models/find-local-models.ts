import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Voice } from "@earshot/engine";
import type { LocalModel } from "./local-model.ts";
import { scanModels } from "./scan-models.ts";

/** A model that takes longer to load is reported as one that can't be. */
const LOAD_WITHIN_MS = 60_000;
const PROBE = fileURLToPath(new URL("./probe-model.ts", import.meta.url));

/**
 * Lists the operator's models in `modelsDir` and tries each speech model in a process of its own, so that those without a
 * `problem` can be loaded, and voices are known. GGUF files are listed by name only.
 */
export async function findLocalModels(modelsDir: string): Promise<readonly LocalModel[]> {
  const models: LocalModel[] = [];
  for (const model of await scanModels(modelsDir)) {
    const isTried = model.problem === undefined && model.kind !== "language-model";
    models.push(isTried ? await probe(model) : model);
  }
  return models;
}

async function probe(model: LocalModel): Promise<LocalModel> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [PROBE, JSON.stringify(model)], {
      timeout: LOAD_WITHIN_MS,
    });
    const { speakers } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { speakers: number };
    return model.kind === "text-to-speech" ? { ...model, voices: toVoices(model, speakers) } : model;
  } catch (error) {
    return { ...model, problem: `${model.path} can't be loaded as ${model.family}: ${lastWords(error)}` };
  }
}

function toVoices(model: LocalModel, speakers: number): readonly Voice[] {
  const folder = path.basename(model.path);
  const language = /[a-z]{2}[_-][A-Z]{2}/.exec(folder)?.[0].replace("_", "-") ?? "en-US";
  return Array.from({ length: Math.max(1, speakers) }, (_, speaker) => ({
    id: `${folder}:${speaker}`,
    name: speakers > 1 ? `${folder} ${speaker}` : folder,
    language,
    description: `Local ${model.family} voice`,
  }));
}

/** The last line that sherpa-onnx wrote before it gave up, without its source position. */
function lastWords(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^\s+at |^Node\.js/.test(line));
  return (lines.at(-1) ?? "it ended without a word").replace(/^\S+:\d+:?\d*\s+/, "").slice(0, 300);
}
