/** Reads one file of somebody else's format on a thread of its own, which may be stopped at any moment. */

import { parentPort, workerData } from "node:worker_threads";
import mammoth from "mammoth";
import { extractText, getDocumentProxy, getMeta } from "unpdf";
import type { OfficeContent, OfficeFile } from "./read-office-file.ts";

const { bytes, kind } = workerData as OfficeFile;
parentPort?.postMessage(kind === "pdf" ? await readPdf() : await readDocx());

async function readPdf(): Promise<OfficeContent> {
  const pdf = await getDocumentProxy(bytes);
  const { info } = await getMeta(pdf);
  const { text } = await extractText(pdf);
  const title: unknown = info["Title"];
  return { title: typeof title === "string" ? title.trim().slice(0, 200) : "", text: text.join("\n\n") };
}

async function readDocx(): Promise<OfficeContent> {
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(bytes) },
    { convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })) },
  );
  return { html: value };
}
