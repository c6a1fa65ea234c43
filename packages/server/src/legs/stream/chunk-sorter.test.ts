import { expect, it } from "vitest";
import { ChunkSorter } from "./chunk-sorter.ts";

const piece = (number: number) => Uint8Array.of(number % 256);
const makeSorter = () => {
  const sorter = new ChunkSorter();
  const heard: number[] = [];
  const keep = (pieces: readonly Uint8Array[]) => heard.push(...pieces.flatMap((one) => [...one]));
  return {
    heard,
    push: (...chunks: readonly number[]) => {
      for (const chunk of chunks) keep(sorter.push(chunk, piece(chunk)));
    },
    flush: () => keep(sorter.flush()),
  };
};

it("gives pieces in order, and each once", () => {
  const { push, heard } = makeSorter();
  push(1, 3, 2, 2, 1, 4);
  expect(heard).toEqual([1, 2, 3, 4]);
});

it("waits for a missing piece while five later ones come, and drops it afterwards", () => {
  const { push, heard } = makeSorter();
  push(1, 3, 4, 5, 6, 7);
  expect(heard).toEqual([1]);
  push(8, 2);
  expect(heard).toEqual([1, 3, 4, 5, 6, 7, 8]);
});

it("gives what waits when nothing more comes", () => {
  const { push, flush, heard } = makeSorter();
  push(1, 3, 5);
  flush();
  expect(heard).toEqual([1, 3, 5]);
});

it("goes on where the carrier counts anew, or has counted one piece wrong", () => {
  const { push, flush, heard } = makeSorter();
  push(500, 501, 1_000_000);
  flush();
  push(502, 503);
  expect(heard.slice(-2)).toEqual([502 % 256, 503 % 256]);
  push(1, 2);
  expect(heard.slice(-2)).toEqual([1, 2]);
});
