import { EarshotError } from "./earshot-error.ts";

/** One page of a list. */
export type Page<T> = {
  readonly data: readonly T[];
  /** Give it to the next request; absent on the last page. */
  readonly nextCursor?: string;
};

export type PageQuery = {
  /** Items a page, 1 to 100. Default 20. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined;
};

/**
 * What `list()` gives: await it for one page, or iterate it for every item of that page and all that follow.
 * Nothing is asked for before that; pages are asked for one at a time, when the items before are used up.
 *
 *     const { data, nextCursor } = await client.agents.list({ limit: 50 });
 *     for await (const agent of client.agents.list()) console.log(agent.name);
 */
export class PageOf<T> implements Promise<Page<T>>, AsyncIterable<T> {
  readonly [Symbol.toStringTag] = "PageOf";
  readonly #fetchPage: (cursor: string | undefined) => Promise<Page<T>>;
  #first: Promise<Page<T>> | undefined;

  /** `fetchPage` is given the cursor of the page before, or undefined for the page that the query asked for. */
  constructor(fetchPage: (cursor: string | undefined) => Promise<Page<T>>) {
    this.#fetchPage = fetchPage;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  then<A = Page<T>, B = never>(
    onPage?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#firstPage().then(onPage, onError);
  }

  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Page<T> | B> {
    return this.#firstPage().catch(onError);
  }

  finally(onEnd?: (() => void) | null): Promise<Page<T>> {
    return this.#firstPage().finally(onEnd);
  }

  /** Every page from this one on. */
  async *pages(): AsyncGenerator<Page<T>, void, void> {
    let page = await this.#firstPage();
    yield page;
    while (page.nextCursor !== undefined) {
      const { nextCursor } = page;
      page = await this.#fetchPage(nextCursor);
      if (page.nextCursor === nextCursor)
        throw new EarshotError("The server gave the same page twice.", { code: "bad_response" });
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for await (const page of this.pages()) yield* page.data;
  }

  #firstPage(): Promise<Page<T>> {
    this.#first ??= this.#fetchPage(undefined);
    return this.#first;
  }
}
