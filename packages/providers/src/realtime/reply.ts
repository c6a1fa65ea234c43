import { ENGINE_RATE_HZ, Resampler, type Samples, toMs } from "@earshot/engine";
import type { AgentEntry } from "./conversation-so-far.ts";
import type { PartialCall } from "./server-event.ts";

const NO_SAMPLES: Samples = new Int16Array(0);

type SpokenItem = { readonly itemId: string; audioMs: number; isTruncated: boolean };
/** Where an item is to end for the model. */
export type Truncation = { readonly itemId: string; readonly heardMs: number };

/** One reply of the model while its parts come. */
export class Reply {
  readonly id: string;
  readonly entry: AgentEntry;
  /** When anything of it came last. */
  lastMs: number;
  /** Set once it is cancelled. */
  cancelled: { readonly atMs: number; readonly heardMs: number } | undefined;
  readonly #resampler: Resampler;
  readonly #items: SpokenItem[] = [];
  readonly #calls = new Map<string, PartialCall>();
  readonly #told = new Set<string>();
  /** Half a sample that waits for the other half. */
  #half: number | undefined;

  constructor({ id, entry, rateHz, nowMs }: { id: string; entry: AgentEntry; rateHz: number; nowMs: number }) {
    this.id = id;
    this.entry = entry;
    this.lastMs = nowMs;
    this.#resampler = new Resampler(rateHz, ENGINE_RATE_HZ);
  }

  get audioMs(): number {
    return this.#items.reduce((total, item) => total + item.audioMs, 0);
  }

  /** Audio at the vendor's rate, whole or not, to 16 kHz. */
  hear(bytes: Buffer, itemId: string): Samples {
    const samples = this.#resampler.push(this.#toSamples(bytes));
    this.#itemOf(itemId).audioMs += toMs(samples.length);
    return samples;
  }

  /** What the filter still held back. */
  finish(): Samples {
    const tail = this.#resampler.flush();
    const last = this.#items.at(-1);
    if (!last) return NO_SAMPLES;
    last.audioMs += toMs(tail.length);
    return tail;
  }

  noteItem(itemId: string, call: PartialCall): void {
    const known = this.#calls.get(itemId);
    this.#calls.set(itemId, { ...call, name: call.name ?? known?.name, callId: call.callId ?? known?.callId });
  }

  /** The call as a whole, the first time that it is. */
  takeCall(itemId: string, call: PartialCall): { id: string; name: string; arguments: string } | undefined {
    const known = this.#calls.get(itemId);
    const name = call.name ?? known?.name;
    const id = call.callId ?? known?.callId ?? itemId;
    if (name === undefined || id === "" || this.#told.has(id)) return undefined;
    this.#told.add(id);
    return { id, name, arguments: call.arguments };
  }

  /** What the model must forget where only `heardMs` of the whole were heard, each item once. */
  truncate(heardMs: number): readonly Truncation[] {
    const truncations: Truncation[] = [];
    let startMs = 0;
    for (const item of this.#items) {
      const endMs = startMs + item.audioMs;
      if (!item.isTruncated && item.audioMs > 0 && heardMs < endMs) {
        item.isTruncated = true;
        truncations.push({ itemId: item.itemId, heardMs: Math.max(0, heardMs - startMs) });
      }
      startMs = endMs;
    }
    return truncations;
  }

  /** Keeps as much of the words as was heard, going by time. */
  cutWords(heardMs: number): void {
    const share = this.audioMs === 0 ? 0 : Math.min(1, heardMs / this.audioMs);
    if (share === 1) return;
    const words = this.entry.text.trim().split(/\s+/);
    this.entry.text = words.slice(0, Math.floor(words.length * share)).join(" ");
    this.entry.wasCutOff = this.entry.text !== "";
  }

  #itemOf(itemId: string): SpokenItem {
    const last = this.#items.at(-1);
    if (last && (itemId === "" || last.itemId === itemId)) return last;
    const known = this.#items.find((item) => item.itemId === itemId);
    if (known) return known;
    const item = { itemId, audioMs: 0, isTruncated: false };
    this.#items.push(item);
    return item;
  }

  #toSamples(bytes: Buffer): Samples {
    const whole = this.#half === undefined ? bytes : Buffer.concat([Buffer.from([this.#half]), bytes]);
    this.#half = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined;
    const samples = new Int16Array(whole.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = whole.readInt16LE(2 * i);
    return samples;
  }
}
