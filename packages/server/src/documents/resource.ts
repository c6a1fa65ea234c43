/** What every resource that is kept whole has in common: its verbs. */
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { mergePatch } from "../merge-patch.ts";
import { newId } from "../new-id.ts";
import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { WallClock } from "../wall-clock.ts";
import type { DocumentFilter, DocumentStore, StoredDocument } from "./store.ts";

/** One kind of resource, such as campaigns. */
export type ResourceKind<Shape extends z.ZodObject = z.ZodObject> = {
  /** As it is stored, e.g. "campaign". */
  readonly name: string;
  /** How ids begin, e.g. "cmp". */
  readonly idPrefix: string;
  /** For people, e.g. "campaign". */
  readonly title: string;
  /** All settings, with defaults. */
  readonly shape: Shape;
  /** Settings whose objects a change replaces instead of merging into them. */
  readonly whole?: readonly string[];
};

export type Resource<Settings> = Settings & {
  readonly id: string;
  /** What it belongs to, such as a lead's campaign. */
  readonly parentId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type ResourceDeps = { readonly documents: DocumentStore; readonly clock: WallClock };

/** The verbs of one kind of resource. What a change leaves invalid is refused, and nothing is changed then. */
export class Resources<Shape extends z.ZodObject> {
  readonly kind: ResourceKind<Shape>;
  readonly #deps: ResourceDeps;
  readonly #whole: ReadonlySet<string>;

  constructor(deps: ResourceDeps, kind: ResourceKind<Shape>) {
    this.#deps = deps;
    this.kind = kind;
    this.#whole = new Set(kind.whole);
  }

  async create(
    workspaceId: string,
    settings: z.output<Shape>,
    options: { readonly parentId?: string } = {},
  ): Promise<Resource<z.output<Shape>>> {
    const now = this.#deps.clock.now();
    const stored: StoredDocument = {
      id: newId(this.kind.idPrefix, now.getTime()),
      ...options,
      document: settings,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
    };
    await this.#deps.documents.insert(this.#in(workspaceId), stored);
    return this.#toResource(stored);
  }

  /** @throws AppError `not_found` */
  async read(workspaceId: string, id: string): Promise<Resource<z.output<Shape>>> {
    const stored = await this.#deps.documents.find(this.#in(workspaceId), id);
    if (stored === undefined) throw this.#notFound(id);
    return this.#toResource(stored);
  }

  /** Newest first. */
  async page(
    workspaceId: string,
    { limit, cursor, ...filter }: PageRequest & { readonly parentId?: string },
  ): Promise<Page<Resource<z.output<Shape>>>> {
    return toPage(await this.list(workspaceId, { ...filter, limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
  }

  /** Newest first. */
  async list(workspaceId: string, filter: DocumentFilter): Promise<Resource<z.output<Shape>>[]> {
    const rows = await this.#deps.documents.list(this.#in(workspaceId), filter);
    return rows.map((row) => this.#toResource(row));
  }

  count(workspaceId: string, parentId?: string): Promise<number> {
    return this.#deps.documents.count(this.#in(workspaceId), parentId);
  }

  /** JSON Merge Patch (RFC 7396). @throws AppError `not_found`; `invalid_request` naming each wrong field */
  patch(workspaceId: string, id: string, patch: Readonly<Record<string, unknown>>): Promise<Resource<z.output<Shape>>> {
    return this.change(workspaceId, id, (current) => this.parse(mergePatch(current, patch, this.#whole)));
  }

  /** Settings with their defaults. @throws AppError `invalid_request` naming each wrong field */
  parse(input: unknown): z.output<Shape> {
    const parsed = this.kind.shape.safeParse(input);
    if (parsed.success) return parsed.data;
    const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    const [first] = errors;
    throw new AppError("invalid_request", `${first?.path || `the ${this.kind.title}`}: ${first?.message}`, {
      details: { errors },
    });
  }

  /** @throws AppError `not_found`, and what `change` throws */
  async change(
    workspaceId: string,
    id: string,
    change: (current: z.output<Shape>) => z.output<Shape>,
  ): Promise<Resource<z.output<Shape>>> {
    const { documents, clock } = this.#deps;
    const updated = await documents.update(
      this.#in(workspaceId),
      id,
      ({ document }) => change(this.kind.shape.parse(document)),
      clock.now(),
    );
    if (updated === undefined) throw this.#notFound(id);
    return this.#toResource(updated);
  }

  /** @throws AppError `not_found` */
  async delete(workspaceId: string, id: string): Promise<void> {
    if (!(await this.#deps.documents.remove(this.#in(workspaceId), id))) throw this.#notFound(id);
  }

  #in(workspaceId: string) {
    return { workspaceId, kind: this.kind.name };
  }

  #toResource({ id, parentId, document, createdAt, updatedAt }: StoredDocument): Resource<z.output<Shape>> {
    const parent = parentId === undefined ? {} : { parentId };
    return { ...this.kind.shape.parse(document), id, ...parent, createdAt, updatedAt };
  }

  #notFound(id: string): AppError {
    return new AppError("not_found", `there is no ${this.kind.title} "${id}"`);
  }
}
