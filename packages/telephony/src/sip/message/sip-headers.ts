import { isToken, splitOutside } from "./grammar.ts";
import { canonicalName } from "./header-names.ts";
import { excerpt, SipError } from "./sip-error.ts";

/**
 * The headers of one message, in order. Names are case-blind and may be given in their compact form; a value per
 * element for headers that are lists. Nothing that could end a line gets in.
 */
export class SipHeaders {
  readonly #values = new Map<string, string[]>();

  /** @throws SipError `header_injection` */
  static from(entries: Readonly<Record<string, string | readonly string[]>>): SipHeaders {
    const headers = new SipHeaders();
    for (const [name, value] of Object.entries(entries)) headers.set(name, value);
    return headers;
  }

  get(name: string): string | undefined {
    return this.#values.get(canonicalName(name))?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(canonicalName(name)) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(canonicalName(name));
  }

  /** Lower-case tokens of all values, e.g. of Supported. */
  tokens(name: string): string[] {
    return this.all(name)
      .flatMap((value) => value.split(","))
      .map((token) => token.trim().toLowerCase())
      .filter((token) => token !== "");
  }

  /**
   * Replaces what stood there; an empty list deletes.
   * @throws SipError `header_injection` for a name that isn't a token or a value with a line break or NUL
   */
  set(name: string, value: string | readonly string[]): this {
    const values = typeof value === "string" ? [value] : [...value];
    for (const each of values) refuseLineBreaks(name, each);
    const key = canonicalName(name);
    if (values.length === 0) this.#values.delete(key);
    else this.#values.set(key, values);
    return this;
  }

  /** @throws SipError `header_injection` */
  add(name: string, value: string): this {
    refuseLineBreaks(name, value);
    const key = canonicalName(name);
    const values = this.#values.get(key);
    if (values) values.push(value);
    else this.#values.set(key, [value]);
    return this;
  }

  /** @throws SipError `header_injection` */
  prepend(name: string, value: string): this {
    return this.set(name, [value, ...this.all(name)]);
  }

  delete(name: string): this {
    this.#values.delete(canonicalName(name));
    return this;
  }

  /** Sets each of `entries`, over what stood there. */
  merge(entries: Readonly<Record<string, string | readonly string[]>> = {}): this {
    for (const [name, value] of Object.entries(entries)) this.set(name, value);
    return this;
  }

  entries(): IterableIterator<[string, string[]]> {
    return this.#values.entries();
  }

  clone(): SipHeaders {
    const copy = new SipHeaders();
    for (const [name, values] of this.#values) copy.#values.set(name, [...values]);
    return copy;
  }

  /** Values between commas, outside quotes and brackets. */
  static splitList(value: string, field: string): string[] {
    return splitOutside(value, ",", field);
  }
}

function refuseLineBreaks(name: string, value: string): void {
  if (isToken(name) && !/[\r\n\0]/.test(value)) return;
  throw new SipError({
    code: "header_injection",
    field: name.slice(0, 40),
    message: `Header ${excerpt(name)}: the name must be a token and the value one line without NUL`,
  });
}
