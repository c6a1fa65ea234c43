import { describe, expect, it } from "vitest";
import { type Page, PageOf } from "./page.ts";

const pages: Readonly<Record<string, Page<number>>> = {
  first: { data: [1, 2], nextCursor: "b" },
  b: { data: [], nextCursor: "c" },
  c: { data: [3] },
};

function setUp(answers = pages) {
  const asked: string[] = [];
  const list = new PageOf<number>(async (cursor = "first") => {
    asked.push(cursor);
    const page = answers[cursor];
    if (page === undefined) throw new Error(`no page ${cursor}`);
    return page;
  });
  return { list, asked };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("a list", () => {
  it("gives one page to who awaits it, and asks once however often that is", async () => {
    const { list, asked } = setUp();
    expect(await list).toEqual({ data: [1, 2], nextCursor: "b" });
    expect(await list.then(({ data }) => data.length)).toBe(2);
    expect(await list.finally(() => undefined)).toBe(pages["first"]);
    expect(asked).toEqual(["first"]);
  });

  it("gives every item of every page to who iterates it, empty pages notwithstanding", async () => {
    const { list, asked } = setUp();
    expect(await collect(list)).toEqual([1, 2, 3]);
    expect(asked).toEqual(["first", "b", "c"]);
  });

  it("asks for nothing before it is used, and for no page that isn't needed", async () => {
    const { list, asked } = setUp();
    expect(asked).toEqual([]);
    for await (const item of list) if (item === 2) break;
    expect(asked).toEqual(["first"]);
  });

  it("gives whole pages too", async () => {
    expect((await collect(setUp().list.pages())).map(({ data }) => data.length)).toEqual([2, 0, 1]);
  });

  it("fails where a page fails, after the items that came before", async () => {
    const { list } = setUp({ first: { data: [1], nextCursor: "gone" } });
    const seen: number[] = [];
    const iterating = (async () => {
      for await (const item of list) seen.push(item);
    })();
    await expect(iterating).rejects.toThrow("no page gone");
    expect(seen).toEqual([1]);
    expect(await setUp({}).list.catch((error: unknown) => String(error))).toBe("Error: no page first");
  });

  it("does not go round in circles with a server that gives the same page again", async () => {
    const { list } = setUp({ first: { data: [1], nextCursor: "b" }, b: { data: [2], nextCursor: "b" } });
    await expect(collect(list)).rejects.toMatchObject({ code: "bad_response" });
  });
});
