import { InvalidArgumentError } from "commander";

/** For counts given as options: 1 to 1000. @throws InvalidArgumentError */
export function parseCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError("Give a whole number from 1 to 1000.");
  return count;
}

/** @throws InvalidArgumentError */
export function parseSeed(value: string): number {
  const seed = Number(value);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("Give a whole number.");
  return seed;
}
