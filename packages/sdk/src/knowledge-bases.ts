import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type KnowledgeBase = components["schemas"]["KnowledgeBase"];
export type NewKnowledgeBase = requests["schemas"]["NewKnowledgeBase"];
export type KnowledgeBasePatch = requests["schemas"]["KnowledgeBasePatch"];
export type KnowledgePassage = components["schemas"]["KnowledgePassage"];
export type KnowledgeSearch = requests["schemas"]["KnowledgeSearch"];

/** What agents look things up in; their documents are KnowledgeDocuments. */
export class KnowledgeBases extends Resource<{
  item: KnowledgeBase;
  create: NewKnowledgeBase;
  update: KnowledgeBasePatch;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/knowledge-bases");
  }

  /** The passages that fit a question, best first: what an agent would find. */
  async search(id: string, search: KnowledgeSearch, options: RequestOptions = {}): Promise<KnowledgePassage[]> {
    const found = await this.post<components["schemas"]["KnowledgePassages"]>(
      this.pathOf(id, "search"),
      search,
      options,
    );
    return found.data;
  }
}
