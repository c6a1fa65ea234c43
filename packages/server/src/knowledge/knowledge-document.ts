import { z } from "zod";
import { metadataShape, storableText } from "../storable-text.ts";

/** UTF-16 units of one document's text. */
export const MAX_DOCUMENT_CHARS = 1_000_000;

const common = {
  baseId: storableText({ min: 1, max: 64 }).describe("An `id` of GET /v1/knowledge-bases."),
  metadata: metadataShape.default({}),
};
const name = storableText({ min: 1, max: 200 }).describe("What the document is called where it is cited.");

export const newKnowledgeDocumentShape = z
  .union([
    z.strictObject({ ...common, name, text: storableText({ min: 1, max: MAX_DOCUMENT_CHARS }) }),
    z.strictObject({
      ...common,
      name: name.optional().describe("Absent: the page's title, or else its URL."),
      url: z
        .url({ protocol: /^https?$/, error: "must be an http or https URL" })
        .max(2000)
        .describe("Fetched once, and again with each refresh."),
    }),
  ])
  .meta({ id: "NewKnowledgeDocument", description: "Its `text`, or the `url` to fetch it from." });

export const knowledgeDocumentShape = z
  .object({
    id: z.string(),
    baseId: z.string(),
    name: z.string(),
    source: z.enum(["text", "file", "url"]),
    url: z.string().optional(),
    status: z.enum(["pending", "ready", "failed"]).describe("Searches find what of it is `ready`."),
    progress: z.number().min(0).max(1).describe("How much of it has been worked through."),
    problem: z.string().optional().describe("Why it failed."),
    characters: z.number().int(),
    chunks: z.number().int().describe("Passages that searches may find."),
    search: z.enum(["words", "words-and-meaning"]).describe("How its passages are found."),
    metadata: metadataShape,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "KnowledgeDocument", description: "A text, a file or a web page of a knowledge base." });

export const searchRequestShape = z
  .strictObject({
    query: storableText({ min: 1, max: 1000 }),
    limit: z.number().int().min(1).max(20).default(4),
  })
  .meta({ id: "KnowledgeSearch" });

export const passageShape = z
  .object({
    chunkId: z.string(),
    documentId: z.string(),
    document: z.string().describe("The document's name."),
    url: z.string().optional(),
    heading: z.string(),
    text: z.string(),
    score: z.number().describe("Higher is better; only the order means something."),
  })
  .meta({ id: "KnowledgePassage", description: "A part of a document that fits a question." });

export const passagesShape = z.object({ data: z.array(passageShape) }).meta({ id: "KnowledgePassages" });

export type NewKnowledgeDocument = z.infer<typeof newKnowledgeDocumentShape>;
export type KnowledgeDocument = Readonly<z.infer<typeof knowledgeDocumentShape>>;
export type Passage = Readonly<z.infer<typeof passageShape>>;
