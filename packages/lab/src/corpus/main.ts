/** `npm run corpus -- --split held-out --out FOLDER`: writes the corpus as WAV files and corpus.jsonl beside them. */
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ENGINE_RATE_HZ, encodeWav } from "@earshot/engine";
import { connectSpeech, startSpeechHost } from "@earshot/providers/embedded";
import { CORPUS_SPLITS, type CorpusSplit } from "./corpus-item.ts";
import { makeCorpus } from "./make-corpus.ts";

const { values } = parseArgs({
  options: {
    split: { type: "string", default: "train" },
    seed: { type: "string", default: "1" },
    "per-kind": { type: "string", default: "20" },
    out: { type: "string", default: "corpus" },
  },
});

const split = CORPUS_SPLITS.find((name) => name === values.split);
const [seed, perKind] = [Number(values.seed), Number(values["per-kind"])];
if (split === undefined) fail(`There is no split "${values.split}": give one of ${CORPUS_SPLITS.join(", ")}.`);
else if (!Number.isSafeInteger(seed)) fail("--seed must be a whole number.");
else if (!(Number.isInteger(perKind) && perKind >= 1 && perKind <= 10_000)) fail("--per-kind must be 1 to 10000.");
else await write({ split, seed, perKind, folder: values.out });

async function write(corpus: { split: CorpusSplit; seed: number; perKind: number; folder: string }): Promise<void> {
  const { folder, ...options } = corpus;
  await mkdir(folder, { recursive: true });
  const cacheDir = await mkdtemp(join(tmpdir(), "earshot-corpus-"));
  const host = await startSpeechHost({ cacheDir });
  const speech = connectSpeech(host.connect().bundle);
  const manifest = createWriteStream(join(folder, "corpus.jsonl"));
  let count = 0;
  try {
    for await (const { samples, ...item } of makeCorpus(speech.textToSpeech, options)) {
      await writeFile(join(folder, `${item.id}.wav`), encodeWav({ samples, sampleRateHz: ENGINE_RATE_HZ }));
      manifest.write(`${JSON.stringify(item)}\n`);
      count += 1;
    }
  } finally {
    await new Promise<void>((resolve) => manifest.end(resolve));
    speech.close();
    await host.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
  console.log(`${count} utterances in ${folder}`);
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 2;
}
