import { customType, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const searchWords = customType<{ data: string }>({ dataType: () => "tsvector" });

/** What knowledge bases are made of; the bases themselves are kept whole. */
export const knowledgeDocuments = pgTable(
  "knowledge_documents",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    baseId: text("base_id").notNull(),
    name: text("name").notNull(),
    source: text("source").notNull(),
    url: text("url"),
    /** Absent while a URL has not been fetched. */
    text: text("text"),
    status: text("status").notNull(),
    problem: text("problem"),
    chunks: integer("chunks").notNull(),
    embedded: integer("embedded").notNull(),
    metadata: jsonb("metadata").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [index("knowledge_documents_by_base").on(table.baseId, table.id)],
);

/** Passages of documents: what a search finds. */
export const knowledgeChunks = pgTable(
  "knowledge_chunks",
  {
    documentId: text("document_id").notNull(),
    position: integer("position").notNull(),
    baseId: text("base_id").notNull(),
    heading: text("heading").notNull(),
    text: text("text").notNull(),
    /** 32-bit floats, little-endian; absent where there is no model for the language. */
    vector: bytes("vector"),
    words: searchWords("words").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.position] }),
    index("knowledge_chunks_by_base").on(table.baseId),
    index("knowledge_chunks_by_words").using("gin", table.words),
  ],
);
