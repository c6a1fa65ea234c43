/** Reads a condition as people write it. Done once, when a definition is checked or a call begins. */

import type { Value } from "../values.ts";
import type { Comparison, Expression, Operand } from "./expression.ts";

const MAX_CHARS = 1_000;
const MAX_DEPTH = 20;

export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/**
 * Grammar: comparisons (`==`, `!=`, `<`, `<=`, `>`, `>=`, `contains`, `matches`) of names, "texts", numbers, true,
 * false and null; `exists name`; a name alone; joined by `and`, `or`, `not` and parentheses.
 * @throws ExpressionError that says what is wrong and where, counted in characters from 1
 */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_CHARS) throw new ExpressionError(`must be at most ${MAX_CHARS} characters`);
  const parser = new Parser(tokenize(text));
  return parser.parse();
}

type Token = { readonly kind: "word" | "value" | "sign" | "end"; readonly text: string; readonly at: number } & (
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "word" | "sign" | "end" }
);

const TOKEN =
  /\s*(?:(?<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?(?![\w.]))|\{\{\s*(?<braced>[A-Za-z_]\w*(?:\.\w+)*)\s*\}\}|(?<word>[A-Za-z_]\w*(?:\.\w+)*)|(?<sign>==|!=|<=|>=|&&|\|\||[<>()!]))/y;
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "contains", "matches"]);
const KEYWORDS: ReadonlySet<string> = new Set(["and", "or", "not", "exists", "contains", "matches"]);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found)
      throw new ExpressionError(`can't be read from character ${from + 1} on: "${text.slice(from, from + 20).trim()}"`);
    tokens.push(toToken(found.groups ?? {}, from + 1));
  }
  return [...tokens, { kind: "end", text: "the end", at: end + 1 }];
}

function toToken({ quoted, number, braced, word, sign }: Record<string, string | undefined>, at: number): Token {
  if (quoted !== undefined) {
    const value = quoted.slice(1, -1).replace(/\\(.)/g, "$1");
    return { kind: "value", text: quoted, at, value };
  }
  if (number !== undefined) return { kind: "value", text: number, at, value: Number(number) };
  const constant = word === undefined ? undefined : CONSTANTS.get(word);
  if (word !== undefined && constant !== undefined) return { kind: "value", text: word, at, value: constant };
  if (sign !== undefined) return { kind: "sign", text: SIGNS.get(sign) ?? sign, at };
  return { kind: "word", text: braced ?? word ?? "", at };
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["&&", "and"],
  ["||", "or"],
  ["!", "not"],
]);

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression {
    const expression = this.#chain("or");
    if (this.#peek().kind !== "end") this.#fail(`"and" or "or"`);
    return expression;
  }

  #chain(op: "and" | "or"): Expression {
    const part = () => (op === "or" ? this.#chain("and") : this.#part());
    const first = part();
    const of = [first];
    while (this.#take(op)) of.push(part());
    return of.length === 1 ? first : { op, of };
  }

  #part(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ExpressionError(`must not be nested deeper than ${MAX_DEPTH} levels`);
    const part = this.#unit();
    this.#depth -= 1;
    return part;
  }

  #unit(): Expression {
    if (this.#take("not")) return { op: "not", of: this.#part() };
    if (this.#take("exists")) return { op: "exists", name: this.#name() };
    if (!this.#take("(")) return this.#comparison();
    const inner = this.#chain("or");
    if (!this.#take(")")) this.#fail(`")"`);
    return inner;
  }

  #comparison(): Expression {
    const left = this.#operand();
    const { text, kind } = this.#peek();
    if (kind === "value" || !COMPARISONS.has(text)) return { op: "truth", of: left };
    this.#next += 1;
    return { op: text as Comparison, left, right: this.#operand() };
  }

  #operand(): Operand {
    const token = this.#peek();
    if (token.kind !== "value") return { name: this.#name() };
    this.#next += 1;
    return { value: token.value };
  }

  #name(): string {
    const { kind, text } = this.#peek();
    if (kind !== "word" || KEYWORDS.has(text)) this.#fail("a name or a value");
    this.#next += 1;
    return text;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "the end", at: 0 };
  }

  #take(text: string): boolean {
    const token = this.#peek();
    if (token.kind === "value" || token.kind === "end" || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #fail(wanted: string): never {
    const { text, at } = this.#peek();
    throw new ExpressionError(`wants ${wanted} instead of ${text} at character ${at}`);
  }
}
