import { expect, it } from "vitest";
import { joinWrites } from "./joined-writes.ts";

function makeWriter(isBad: (items: readonly number[]) => boolean = () => false, gather?: () => Promise<void>) {
  const turns: number[][] = [];
  const gates: (() => void)[] = [];
  const write = joinWrites<number>(async (items) => {
    turns.push([...items]);
    await new Promise<void>((resolve) => gates.push(resolve));
    if (isBad(items)) throw new Error(`bad: ${items}`);
  }, gather);
  const open = async () => {
    gates.shift()?.();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { turns, write, open };
}

it("writes at once, and together what comes meanwhile, in order", async () => {
  const { turns, write, open } = makeWriter();
  const done: string[] = [];
  void write([1]).then(() => done.push("a"));
  void write([2, 3]).then(() => done.push("b"));
  void write([4]).then(() => done.push("c"));
  expect(turns).toEqual([[1]]);
  await open();
  expect(turns).toEqual([[1], [2, 3, 4]]);
  expect(done).toEqual(["a"]);
  await open();
  expect(done).toEqual(["a", "b", "c"]);
  void write([5]);
  expect(turns.at(-1)).toEqual([5]);
});

it("fails nobody over what is wrong with another's", async () => {
  const { turns, write, open } = makeWriter((items) => items.includes(3));
  void write([1]);
  const ends = Promise.allSettled([write([2]), write([3]), write([4])]);
  for (let turn = 0; turn < 5; turn++) await open();
  expect((await ends).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(turns).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
});

it("makes no statement endless", async () => {
  const { turns, write, open } = makeWriter();
  void write([0]);
  for (let call = 0; call < 5; call++) void write(Array.from({ length: 900 }, () => call));
  for (let turn = 0; turn < 5; turn++) await open();
  expect(turns.map(({ length }) => length)).toEqual([1, 1800, 1800, 900]);
});

it("waits for more where there are many, and for nobody where there is one", async () => {
  const gathering: (() => void)[] = [];
  const { turns, write, open } = makeWriter(undefined, () => new Promise((resolve) => gathering.push(resolve)));
  for (const item of [1, 2, 3]) void write([item]);
  await open();
  await open();
  for (const item of [4, 5]) void write([item]);
  expect(turns).toEqual([[1], [2, 3]]);
  gathering.shift()?.();
  await open();
  expect(turns).toEqual([[1], [2, 3], [4, 5]]);
  await open();
  gathering.shift()?.();
  await open();
  void write([6]);
  expect(turns.at(-1)).toEqual([6]);
  expect(gathering).toEqual([]);
});
