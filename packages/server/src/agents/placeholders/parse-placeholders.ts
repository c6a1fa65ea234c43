/** Reads `{{name | filter: "argument"}}` out of people's prose. What isn't one stays text; nothing is an error. */

export type Operand =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "literal"; readonly text: string };

export type Filter = { readonly name: string; readonly args: readonly Operand[] };

export type Placeholder = {
  readonly kind: "placeholder";
  /** As it was written, braces and all. */
  readonly source: string;
  readonly operand: Operand;
  readonly filters: readonly Filter[];
};

export type Part = { readonly kind: "text"; readonly text: string } | Placeholder;

/** Between the braces; longer is prose. */
const BRACES = /\{\{([^{}]{1,500})\}\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*){0,3}/;
const NUMBER = /^-?\d+(?:\.\d+)?/;
const QUOTED = /^(?:"([^"]*)"|'([^']*)'|“([^”]*)”|‘([^’]*)’)/;
const MAX_FILTERS = 10;

export function parsePlaceholders(text: string): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(BRACES)) {
    const read = readExpression(match[1] ?? "");
    if (read === undefined) continue;
    if (match.index > done) parts.push({ kind: "text", text: text.slice(done, match.index) });
    parts.push({ kind: "placeholder", source: match[0], ...read });
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push({ kind: "text", text: text.slice(done) });
  return parts;
}

/** `operand | filter: argument, argument | "what stands in for a missing value"` */
function readExpression(source: string): Pick<Placeholder, "operand" | "filters"> | undefined {
  const reader = new Reader(source);
  const operand = reader.readOperand();
  if (operand === undefined || (operand.kind === "literal" && reader.isAtEnd)) return undefined;
  const filters: Filter[] = [];
  while (reader.take("|")) {
    const filter = readFilter(reader);
    if (filter === undefined || filters.length === MAX_FILTERS) return undefined;
    filters.push(filter);
  }
  return reader.isAtEnd ? { operand, filters } : undefined;
}

function readFilter(reader: Reader): Filter | undefined {
  const head = reader.readOperand();
  if (head === undefined) return undefined;
  if (head.kind === "literal") return { name: "default", args: [head] };
  const args: Operand[] = [];
  if (reader.take(":"))
    do {
      const arg = reader.readOperand();
      if (arg === undefined) return undefined;
      args.push(arg);
    } while (reader.take(","));
  return { name: head.name.toLowerCase(), args };
}

class Reader {
  #rest: string;

  constructor(source: string) {
    this.#rest = source.trim();
  }

  get isAtEnd(): boolean {
    return this.#rest === "";
  }

  take(sign: string): boolean {
    if (!this.#rest.startsWith(sign)) return false;
    this.#advance(sign.length);
    return true;
  }

  readOperand(): Operand | undefined {
    const quoted = QUOTED.exec(this.#rest);
    if (quoted) {
      this.#advance(quoted[0].length);
      return { kind: "literal", text: quoted[1] ?? quoted[2] ?? quoted[3] ?? quoted[4] ?? "" };
    }
    const number = NUMBER.exec(this.#rest);
    if (number) {
      this.#advance(number[0].length);
      return { kind: "literal", text: number[0] };
    }
    const name = NAME.exec(this.#rest);
    if (!name) return undefined;
    this.#advance(name[0].length);
    return { kind: "name", name: name[0] };
  }

  #advance(length: number): void {
    this.#rest = this.#rest.slice(length).trimStart();
  }
}
