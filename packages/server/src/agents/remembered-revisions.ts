import { deepFreeze } from "../deep-freeze.ts";
import type { AgentSettings } from "./agent.ts";
import { withoutSecrets } from "./conceal-secrets.ts";
import type { SentByDialect } from "./stored-agent.ts";

/** Which revision of which agent. */
export type RevisionKey = { readonly agentId: string; readonly revision: number };

/** What a revision says. It never changes, and is frozen because all its readers share it. */
export type Revision = {
  readonly settings: AgentSettings;
  readonly sent: SentByDialect;
  /** As it is stored: JSON, secrets sealed. */
  readonly document: string;
};

/** In characters of JSON. */
const MAX_REMEMBERED = 8_000_000;

/** Revisions that were read or written last: each is fetched and parsed once, however often it is asked for. */
export class RememberedRevisions {
  readonly #revisions = new Map<string, Revision & { readonly size: number }>();
  #size = 0;

  find(key: RevisionKey): Revision | undefined {
    const text = toText(key);
    const revision = this.#revisions.get(text);
    if (revision === undefined) return undefined;
    // The least lately read ones are the first to go.
    this.#revisions.delete(text);
    this.#revisions.set(text, revision);
    return revision;
  }

  /** Only what is committed. */
  remember(key: RevisionKey, stored: { readonly document: string; readonly sent: string }): Revision {
    const { document } = stored;
    const size = document.length + stored.sent.length;
    const settings = withoutSecrets(JSON.parse(document));
    const revision = deepFreeze({ settings, sent: JSON.parse(stored.sent) as SentByDialect, document, size });
    this.#forget(toText(key));
    this.#revisions.set(toText(key), revision);
    this.#size += size;
    for (const oldest of this.#revisions.keys()) {
      if (this.#size <= MAX_REMEMBERED) break;
      this.#forget(oldest);
    }
    return revision;
  }

  #forget(key: string): void {
    this.#size -= this.#revisions.get(key)?.size ?? 0;
    this.#revisions.delete(key);
  }
}

function toText({ agentId, revision }: RevisionKey): string {
  return `${agentId} ${revision}`;
}
