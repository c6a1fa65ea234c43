import type { Clock, SpeechToSpeech } from "@earshot/engine";
import { RealtimeCall } from "./realtime-call.ts";
import type { RealtimeVendor } from "./vendor.ts";

export type RealtimeModelOptions = {
  readonly vendor: RealtimeVendor;
  /** The vendor's own name of it: "gpt-realtime". */
  readonly model: string;
  /** ws: or wss:; `model` is added to its query where there is none. */
  readonly url: string;
  readonly apiKey?: string;
  readonly clock: Clock;
};

/** A model behind OpenAI's realtime protocol, as far as `vendor` speaks it. */
export function realtimeModel({ vendor, model, url, apiKey, clock }: RealtimeModelOptions): SpeechToSpeech {
  const name = `${vendor.name}/${model}`;
  const address = new URL(url);
  if (!address.searchParams.has("model")) address.searchParams.set("model", model);
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return {
    name,
    voices: () => vendor.voices,
    open: (options) => new RealtimeCall({ vendor, name, url: address.href, headers, clock }, options),
  };
}
