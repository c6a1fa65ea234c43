import { randomBytes, randomInt } from "node:crypto";
import { BRANCH_COOKIE } from "./message/via.ts";

/** A branch nobody can guess. */
export function newBranch(): string {
  return BRANCH_COOKIE + randomBytes(12).toString("hex");
}

/** A From or To tag. */
export function newTag(): string {
  return randomBytes(8).toString("hex");
}

export function newCallId(): string {
  return randomBytes(16).toString("hex");
}

/** A whole number from `min` up to, not including, `max`. */
export function randomBetween(min: number, max: number): number {
  return randomInt(min, max);
}
