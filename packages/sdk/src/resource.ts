import { type Page, PageOf, type PageQuery } from "./page.ts";
import type { Query, RequestOptions, Transport } from "./transport.ts";

/** What a noun's requests and answers look like. */
export type Shapes = {
  readonly item: object;
  /** What lists hold. Default: the item. */
  readonly listItem?: object;
  /** What lists can be asked for. Default: pages. */
  readonly query?: PageQuery;
  readonly create?: object;
  /** What creating answers, e.g. with a secret that is shown once. Default: the item. */
  readonly created?: object;
  readonly update?: object;
};

type ShapeOf<S extends Shapes, Name extends keyof Shapes, Default> = S extends { readonly [N in Name]: infer Shape }
  ? Shape
  : Default;
type ListItemOf<S extends Shapes> = ShapeOf<S, "listItem", S["item"]>;

/** The requests that every noun is made of. */
export class Collection {
  protected readonly transport: Transport;
  readonly #path: string;

  /** `path` is that of the collection, e.g. "/v1/agents". */
  constructor(transport: Transport, path: string) {
    this.transport = transport;
    this.#path = path;
  }

  /** The path of one thing, or of something below it; that of the collection where nothing is given. */
  protected pathOf(...below: readonly string[]): string {
    return [this.#path, ...below.map(encodeURIComponent)].join("/");
  }

  protected pageOf<Item>(path: string, query: PageQuery | undefined, options: RequestOptions): PageOf<Item> {
    return new PageOf((cursor) => {
      const asked: Query = { ...query, ...(cursor === undefined ? {} : { cursor }) };
      return this.transport.json<Page<Item>>({ ...options, path, query: asked });
    });
  }

  /** Creates something, or orders it, e.g. POST /v1/calls/{id}/end. */
  protected post<Answer>(path: string, json: unknown, options: RequestOptions): Promise<Answer> {
    const body = json === undefined ? {} : { body: { json } };
    return this.transport.json({ ...options, ...body, method: "POST", path });
  }

  protected remove(path: string, options: RequestOptions): Promise<void> {
    return this.transport.nothing({ ...options, method: "DELETE", path });
  }
}

/** Things that can be listed and read. */
export class ReadableResource<S extends Shapes> extends Collection {
  get(id: string, options: RequestOptions = {}): Promise<S["item"]> {
    return this.transport.json({ ...options, path: this.pathOf(id) });
  }

  /** Await it for one page, newest first; iterate it for every item of all pages. */
  list(query?: ShapeOf<S, "query", PageQuery>, options: RequestOptions = {}): PageOf<ListItemOf<S>> {
    return this.pageOf(this.pathOf(), query, options);
  }
}

/** Things that can be created and changed too. */
export class WritableResource<S extends Shapes> extends ReadableResource<S> {
  create(item: ShapeOf<S, "create", never>, options: RequestOptions = {}): Promise<ShapeOf<S, "created", S["item"]>> {
    return this.post(this.pathOf(), item, options);
  }

  /** Changes what is given and leaves the rest. */
  update(id: string, changes: ShapeOf<S, "update", never>, options: RequestOptions = {}): Promise<S["item"]> {
    return this.transport.json({ ...options, method: "PATCH", path: this.pathOf(id), body: { json: changes } });
  }
}

/** Things that can be deleted too. */
export class Resource<S extends Shapes> extends WritableResource<S> {
  delete(id: string, options: RequestOptions = {}): Promise<void> {
    return this.remove(this.pathOf(id), options);
  }
}
