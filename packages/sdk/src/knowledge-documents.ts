import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageQuery } from "./page.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type KnowledgeDocument = components["schemas"]["KnowledgeDocument"];
export type NewKnowledgeDocument = requests["schemas"]["NewKnowledgeDocument"];
export type KnowledgeDocumentQuery = PageQuery & { readonly baseId?: string };

/** A file of text, Markdown, HTML, PDF or Word (.docx), at most 4 MB. */
export type KnowledgeFile = {
  readonly baseId: string;
  /** Default: the title of an HTML page or a PDF. */
  readonly name?: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType:
    | "text/plain"
    | "text/markdown"
    | "text/html"
    | "application/pdf"
    | "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
};

/** Texts, files and web pages of knowledge bases. They are `pending` until they were worked through. */
export class KnowledgeDocuments extends ReadableResource<{ item: KnowledgeDocument; query: KnowledgeDocumentQuery }> {
  constructor(transport: Transport) {
    super(transport, "/v1/knowledge-documents");
  }

  create(document: NewKnowledgeDocument, options: RequestOptions = {}): Promise<KnowledgeDocument> {
    return this.post(this.pathOf(), document, options);
  }

  upload({ baseId, name, ...body }: KnowledgeFile, options: RequestOptions = {}): Promise<KnowledgeDocument> {
    const query = { baseId, ...(name === undefined ? {} : { name }) };
    return this.transport.json({ ...options, method: "POST", path: this.pathOf(), query, body });
  }

  /** Works it through again; a web page is fetched again. */
  refresh(id: string, options: RequestOptions = {}): Promise<KnowledgeDocument> {
    return this.post(this.pathOf(id, "refresh"), undefined, options);
  }

  delete(id: string, options: RequestOptions = {}): Promise<void> {
    return this.remove(this.pathOf(id), options);
  }
}
