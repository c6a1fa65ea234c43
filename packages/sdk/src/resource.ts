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

/** Things that can be listed and read at one path of the API. */
export class ReadableResource<S extends Shapes> {
  protected readonly transport: Transport;
  readonly #path: string;

  /** `path` is that of the collection, e.g. "/v1/agents". */
  constructor(transport: Transport, path: string) {
    this.transport = transport;
    this.#path = path;
  }

  get(id: string, options: RequestOptions = {}): Promise<S["item"]> {
    return this.transport.json({ ...options, path: this.pathOf(id) });
  }

  /** Await it for one page, newest first; iterate it for every item of all pages. */
  list(query?: ShapeOf<S, "query", PageQuery>, options: RequestOptions = {}): PageOf<ListItemOf<S>> {
    return this.pageOf(this.#path, query, options);
  }

  /** The path of one thing, or of something below it. */
  protected pathOf(id: string, ...below: readonly string[]): string {
    return [this.#path, ...[id, ...below].map(encodeURIComponent)].join("/");
  }

  protected pageOf<Item>(path: string, query: PageQuery | undefined, options: RequestOptions): PageOf<Item> {
    return new PageOf((cursor) => {
      const asked: Query = { ...query, ...(cursor === undefined ? {} : { cursor }) };
      return this.transport.json<Page<Item>>({ ...options, path, query: asked });
    });
  }

  /** An order to one thing, e.g. POST /v1/calls/{id}/end. */
  protected order<Answer>(id: string, verb: string, json: unknown, options: RequestOptions): Promise<Answer> {
    const body = json === undefined ? {} : { body: { json } };
    return this.transport.json({ ...options, ...body, method: "POST", path: this.pathOf(id, verb) });
  }

  /** Creates one. */
  protected post<Answer>(json: unknown, options: RequestOptions): Promise<Answer> {
    return this.transport.json({ ...options, method: "POST", path: this.#path, body: { json } });
  }
}

/** Things that can be created, changed and deleted too. */
export class Resource<S extends Shapes> extends ReadableResource<S> {
  create(item: ShapeOf<S, "create", never>, options: RequestOptions = {}): Promise<ShapeOf<S, "created", S["item"]>> {
    return this.post(item, options);
  }

  /** Changes what is given and leaves the rest. */
  update(id: string, changes: ShapeOf<S, "update", never>, options: RequestOptions = {}): Promise<S["item"]> {
    return this.transport.json({ ...options, method: "PATCH", path: this.pathOf(id), body: { json: changes } });
  }

  delete(id: string, options: RequestOptions = {}): Promise<void> {
    return this.transport.nothing({ ...options, method: "DELETE", path: this.pathOf(id) });
  }
}
