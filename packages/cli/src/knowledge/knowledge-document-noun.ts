import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { KnowledgeFile } from "@earshot/sdk";
import { CliError, UsageError } from "../cli-error.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { printResult } from "../terminal.ts";

const TYPES: Readonly<Record<string, KnowledgeFile["contentType"]>> = {
  ".txt": "text/plain",
  ".md": "text/markdown",
  ".html": "text/html",
  ".htm": "text/html",
  ".pdf": "application/pdf",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

type AddOptions = JsonOption & { readonly base: string; readonly name?: string };

const addAdd: AddCommands = (documents, { terminal, client }) => {
  documents
    .command("add <source>")
    .description("add a file (.txt, .md, .html, .pdf, .docx) or a web page to a knowledge base")
    .requiredOption("--base <id>", "the knowledge base")
    .option("--name <name>", "what it is called where it is cited")
    .option(...JSON_OPTION)
    .action(async (source: string, { base: baseId, name, json }: AddOptions) => {
      const given = { baseId, ...(name === undefined ? {} : { name }) };
      const document = /^https?:/.test(source)
        ? await client.knowledgeDocuments.create({ ...given, url: source })
        : await client.knowledgeDocuments.upload({ name: basename(source), ...given, ...(await readSource(source)) });
      printResult(terminal, json, document, () => `${document.id}  ${document.status}  ${document.name}`);
    });
};

export const knowledgeDocumentNoun = defineNoun({
  name: "knowledge-documents",
  one: "knowledge document",
  about: "texts, files and web pages of knowledge bases",
  of: (client) => client.knowledgeDocuments,
  filters: [{ flags: "--base <id>", about: "of this knowledge base", query: "baseId" }],
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    STATUS: ({ status, progress, problem }) =>
      status === "pending" ? `${Math.round(progress * 100)} %` : (problem ?? status),
    PASSAGES: ({ chunks }) => chunks,
    SOURCE: ({ source, url }) => url ?? source,
  },
  verbs: [
    {
      name: "refresh",
      about: "work it through again; a web page is fetched again",
      run: (client, { id }) => client.knowledgeDocuments.refresh(id),
    },
  ],
  addMore: addAdd,
});

async function readSource(path: string): Promise<Pick<KnowledgeFile, "bytes" | "contentType">> {
  const contentType = TYPES[extname(path).toLowerCase()];
  if (contentType === undefined) throw new UsageError(`${path} is none of ${Object.keys(TYPES).join(", ")}.`);
  try {
    return { bytes: new Uint8Array(await readFile(path)), contentType };
  } catch (cause) {
    throw new CliError(`${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
