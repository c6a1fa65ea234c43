import type { AgentSettings } from "./agent.ts";
import { withoutSecrets } from "./conceal-secrets.ts";
import type { SentByDialect, StoredAgent } from "./stored-agent.ts";
import type { AgentRow } from "./working/store.ts";

/** What a revision says. It never changes, and is frozen because all its readers share it. */
type Revision = { readonly settings: AgentSettings; readonly sent: SentByDialect };

/** In characters of JSON. */
const MAX_REMEMBERED = 8_000_000;

/** Parses a revision once, however often it is read. */
export class RememberedRevisions {
  readonly #revisions = new Map<string, Revision & { readonly size: number }>();
  #size = 0;

  toStored({ agent, document, sent, numbers }: AgentRow): StoredAgent {
    const { id, revision, version, deployedRevision, deployedAt, createdAt, updatedAt } = agent;
    const said = this.#read(`${id} ${revision}`, document, sent);
    return {
      agent: {
        ...said.settings,
        id,
        revision,
        version,
        isDeployed: deployedRevision === revision,
        ...(deployedAt === null ? {} : { deployedAt: deployedAt.toISOString() }),
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      },
      sent: said.sent,
      numbers,
    };
  }

  #read(key: string, document: string, sent: string): Revision {
    const remembered = this.#revisions.get(key);
    if (remembered !== undefined) return remembered;
    const size = document.length + sent.length;
    const settings = withoutSecrets(JSON.parse(document));
    const read = freeze({ settings, sent: JSON.parse(sent) as SentByDialect, size });
    this.#revisions.set(key, read);
    this.#size += size;
    for (const [oldest, { size: freed }] of this.#revisions) {
      if (this.#size <= MAX_REMEMBERED) break;
      this.#revisions.delete(oldest);
      this.#size -= freed;
    }
    return read;
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
