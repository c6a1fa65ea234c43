/** Conditions of a flow: a small total language over what is known by name. No loops, no calls, no evaluation of code. */

import type { Value } from "../values.ts";

export type Expression =
  | { readonly op: "and" | "or"; readonly of: readonly Expression[] }
  | { readonly op: "not"; readonly of: Expression }
  | { readonly op: "exists"; readonly name: string }
  /** A value by itself: true unless it is missing, null, false, 0, "" or "false". */
  | { readonly op: "truth"; readonly of: Operand }
  | { readonly op: Comparison; readonly left: Operand; readonly right: Operand };

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "matches";
export type Operand = { readonly name: string } | { readonly value: Value };

/** Undefined where nothing is known by that name. */
export type Lookup = (name: string) => Value | undefined;

export function isTrue(expression: Expression, lookup: Lookup): boolean {
  switch (expression.op) {
    case "and":
      return expression.of.every((part) => isTrue(part, lookup));
    case "or":
      return expression.of.some((part) => isTrue(part, lookup));
    case "not":
      return !isTrue(expression.of, lookup);
    case "exists":
      return isGiven(lookup(expression.name));
    case "truth":
      return isTruthy(resolve(expression.of, lookup));
    default:
      return compares(expression.op, resolve(expression.left, lookup), resolve(expression.right, lookup));
  }
}

/** Numbers are compared as numbers, also when they come as text; texts without regard to case and outer spaces. */
function compares(op: Comparison, left: Value | undefined, right: Value | undefined): boolean {
  switch (op) {
    case "==":
      return isSame(left, right);
    case "!=":
      return !isSame(left, right);
    case "contains":
      return isGiven(left) && isGiven(right) && toText(left).includes(toText(right));
    case "matches":
      return isGiven(left) && isGiven(right) && matches(toText(left), toText(right));
    default:
      return isGiven(left) && isGiven(right) && isInOrder(op, left, right);
  }
}

function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (!isGiven(left) || !isGiven(right)) return !isGiven(left) && !isGiven(right);
  const [first, second] = [toNumber(left), toNumber(right)];
  return first !== undefined && second !== undefined ? first === second : toText(left) === toText(right);
}

function isInOrder(op: "<" | "<=" | ">" | ">=", left: Value, right: Value): boolean {
  const [first, second] = [toNumber(left), toNumber(right)];
  const isNumeric = first !== undefined && second !== undefined;
  const [a, b] = isNumeric ? [first, second] : [toText(left), toText(right)];
  switch (op) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** `*` stands for any characters; the rest is meant as it is. Takes time in proportion to both lengths. */
function matches(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function resolve(operand: Operand, lookup: Lookup): Value | undefined {
  return "name" in operand ? lookup(operand.name) : operand.value;
}

function isGiven(value: Value | undefined): value is string | number | boolean {
  return value !== undefined && value !== null && value !== "";
}

function isTruthy(value: Value | undefined): boolean {
  return isGiven(value) && value !== false && value !== 0 && toText(value) !== "false";
}

function toText(value: Value): string {
  return String(value).trim().toLowerCase();
}

function toNumber(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^\s*-?\d+(?:\.\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}
