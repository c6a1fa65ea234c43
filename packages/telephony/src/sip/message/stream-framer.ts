import { findHeadEnd, type MessageLimits } from "./parse-message.ts";
import { SipError } from "./sip-error.ts";

/** What a stream holds: whole messages, and keep-alives (RFC 5626 section 3.5.1). */
export type Frame = { readonly kind: "message"; readonly bytes: Uint8Array } | { readonly kind: "ping" | "pong" };

/**
 * Cuts a TCP or TLS stream into messages by Content-Length. Holds at most one message's head and body;
 * a stream that asks for more, or names no length, can't be followed any further and has to be closed.
 */
export class StreamFramer {
  readonly #limits: MessageLimits;
  #storage = new Uint8Array(2048);
  #start = 0;
  #end = 0;
  /** Where the search for the end of the head goes on. */
  #searched = 0;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  /** @throws SipError `message_too_large` or `bad_body_length`: close the stream */
  push(bytes: Uint8Array): Frame[] {
    this.#append(bytes);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  get #buffer(): Uint8Array {
    return this.#storage.subarray(this.#start, this.#end);
  }

  /** Doubles when full, so that a stream of single bytes costs no more than one of large segments. */
  #append(bytes: Uint8Array): void {
    const held = this.#end - this.#start;
    if (this.#end + bytes.length > this.#storage.length) {
      const isRoomy = held + bytes.length <= this.#storage.length / 2;
      const storage = isRoomy ? this.#storage : new Uint8Array(2 * (held + bytes.length));
      storage.set(this.#buffer);
      this.#storage = storage;
      this.#start = 0;
      this.#end = held;
    }
    this.#storage.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #next(): Frame | undefined {
    if (this.#buffer[0] === 13) return this.#lineBreaks();
    const headEnd = findHeadEnd(this.#buffer, Math.max(0, this.#searched - 3));
    const isWhole = headEnd >= 4 && endsHead(this.#buffer, headEnd);
    if ((isWhole ? headEnd : this.#buffer.length) > this.#limits.headBytes) {
      throw new SipError({ code: "message_too_large", status: 513, field: "head", message: "The head is too long" });
    }
    this.#searched = this.#buffer.length;
    if (!isWhole) return undefined;
    const end = headEnd + this.#bodyLength(headEnd);
    if (this.#buffer.length < end) {
      this.#searched = headEnd - 1;
      return undefined;
    }
    return { kind: "message", bytes: this.#take(end) };
  }

  /** Two line breaks before a message ask for one in return; a single one is that answer. */
  #lineBreaks(): Frame | undefined {
    if (this.#buffer.length < 2) return undefined;
    if (this.#buffer[1] !== 10) {
      throw new SipError({ code: "bad_start_line", field: "start line", message: "A message starts with a lone CR" });
    }
    if (this.#buffer[2] === 13 && this.#buffer[3] === undefined) return undefined;
    if (this.#buffer[2] === 13 && this.#buffer[3] === 10) {
      this.#take(4);
      return { kind: "ping" };
    }
    this.#take(2);
    return { kind: "pong" };
  }

  #bodyLength(headEnd: number): number {
    const head = new TextDecoder("latin1").decode(this.#buffer.subarray(0, headEnd));
    const declared = /\r\n(?:content-length|l)[ \t]*:\s*(\d{1,10})[ \t]*\r\n/i.exec(head)?.[1];
    if (declared === undefined) {
      const message = "On a stream every message needs a Content-Length";
      throw new SipError({ code: "bad_body_length", field: "Content-Length", message });
    }
    const length = Number(declared);
    if (length > this.#limits.bodyBytes) {
      throw new SipError({ code: "message_too_large", status: 513, field: "body", message: "The body is too long" });
    }
    return length;
  }

  #take(length: number): Uint8Array {
    const taken = this.#storage.slice(this.#start, this.#start + length);
    this.#start += length;
    this.#searched = 0;
    return taken;
  }
}

function endsHead(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 4] === 13 && bytes[end - 3] === 10 && bytes[end - 2] === 13 && bytes[end - 1] === 10;
}
