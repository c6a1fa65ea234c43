/** What knowledge bases can do, and what they need. */

import type { Embedder } from "@earshot/engine";
import { Resources } from "../documents/resource.ts";
import type { DocumentStore } from "../documents/store.ts";
import { fetchContent } from "../outbound-http/fetch-bytes.ts";
import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { WallClock } from "../wall-clock.ts";
import { knowledgeBaseKind } from "./knowledge-base.ts";
import { MAX_CONTENT_BYTES } from "./read-content.ts";
import type { KnowledgeStore } from "./store.ts";
import { VectorCache } from "./vector-cache.ts";

export type Knowledge = {
  readonly bases: Resources<typeof knowledgeBaseKind.shape>;
  readonly store: KnowledgeStore;
  readonly clock: WallClock;
  readonly vectors: VectorCache;
  /** Resolves once the node's models are there; undefined: there is none for sentences. */
  readonly embedder: Promise<Embedder | undefined>;
  readonly check: (url: string) => void;
  readonly fetch: (url: string, signal: AbortSignal) => Promise<{ bytes: Uint8Array; mediaType: string }>;
  /** Has `workThrough` done for the document, also when the process dies in between. */
  readonly enqueue: (documentId: string) => Promise<void>;
};

/** @param options `guard`: lets answers of `MAX_CONTENT_BYTES` through */
export function createKnowledge(options: {
  readonly documents: DocumentStore;
  readonly store: KnowledgeStore;
  readonly clock: WallClock;
  readonly guard: UrlGuard;
  readonly embedder: Promise<Embedder | undefined>;
  readonly enqueue: (documentId: string) => Promise<void>;
}): Knowledge {
  const { guard, documents, ...rest } = options;
  return {
    ...rest,
    bases: new Resources({ documents, clock: options.clock }, knowledgeBaseKind),
    vectors: new VectorCache(options.store),
    check: (url) => void guard.check(url),
    fetch: (url, signal) => fetchContent(guard, { url, field: "url", maxBytes: MAX_CONTENT_BYTES }, signal),
  };
}
