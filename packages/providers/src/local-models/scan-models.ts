import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { classifyFolder } from "./classify-folder.ts";
import type { LocalModel } from "./local-model.ts";

/** The operator's folder holds at most this many entries that are looked at. */
const MAX_ENTRIES = 200;

/**
 * Lists what lies in the models folder: a folder a speech model, as sherpa-onnx publishes them, and `.gguf` files. Looks
 * at names only; `findLocalModels` tries them too. A missing folder is an empty one.
 */
export async function scanModels(modelsDir: string): Promise<readonly LocalModel[]> {
  const names = await readdir(modelsDir).catch(() => []);
  const models: LocalModel[] = [];
  for (const name of names.sort().slice(0, MAX_ENTRIES)) {
    if (name.startsWith(".")) continue;
    const entry = path.join(modelsDir, name);
    const found = await stat(entry).catch(() => undefined);
    if (found?.isDirectory()) models.push(...(await scanFolder(modelsDir, name)));
    else if (found?.isFile() && name.toLowerCase().endsWith(".gguf")) models.push(toGguf(name, entry, found.size));
  }
  return models;
}

async function scanFolder(modelsDir: string, name: string): Promise<readonly LocalModel[]> {
  const folder = path.join(modelsDir, name);
  const files = (await readdir(folder)).sort();
  const ggufs = files.filter((file) => file.toLowerCase().endsWith(".gguf"));
  if (ggufs.length > 0) {
    return await Promise.all(
      ggufs.map(async (file) =>
        toGguf(`${name}/${file}`, path.join(folder, file), (await stat(path.join(folder, file))).size),
      ),
    );
  }
  // A vocoder serves several voices and may lie beside their folders.
  const beside = (await readdir(modelsDir)).filter((file) => file.endsWith(".onnx"));
  return [classifyFolder({ name, folder, files, beside: beside.map((file) => path.join(modelsDir, file)) })];
}

function toGguf(name: string, file: string, size: number): LocalModel {
  const model: LocalModel = {
    name: `local/${name.replace(/\.gguf$/i, "")}`,
    kind: "language-model",
    family: "gguf",
    path: file,
    files: { model: file },
  };
  return size > 0 ? model : { ...model, problem: `${file} is empty: copy it again.` };
}
