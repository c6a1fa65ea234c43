/** The driver's language model and voice behind the engine's interfaces. */

import {
  ENGINE_RATE_HZ,
  type LanguageModel,
  type Message,
  type ReplyPart,
  type ReplyRequest,
  Resampler,
  type SpeakRequest,
  type SpeechChunk,
  type TextToSpeech,
  type Voice,
} from "@earshot/engine";
import { CallbackStream } from "./callback-stream.ts";
import { DRIVER_VOICE_RATE_HZ } from "./driver-leg.ts";
import type { DriverMessage, VoiceService, WordService } from "./engine-under-test.ts";

export class DriverLanguageModel implements LanguageModel {
  readonly name = "driver/words";
  readonly #service: WordService;

  constructor(service: WordService) {
    this.#service = service;
  }

  reply(request: ReplyRequest, signal: AbortSignal): AsyncIterable<ReplyPart> {
    const messages: DriverMessage[] = [{ role: "system", text: request.system }];
    for (const message of request.messages) messages.push(toDriverMessage(message));
    return new CallbackStream<ReplyPart>(signal, (push, end) =>
      this.#service.request(messages, (text) => push({ type: "text", text }), end),
    );
  }
}

function toDriverMessage(message: Message): DriverMessage {
  switch (message.role) {
    case "caller":
      return { role: "user", text: message.text };
    case "agent":
      return { role: "assistant", text: message.text };
    case "instruction":
      return { role: "system", text: message.text };
    case "tool":
      return { role: "system", text: message.result };
  }
}

export class DriverTextToSpeech implements TextToSpeech {
  readonly name = "driver/voice";
  readonly #service: VoiceService;

  constructor(service: VoiceService) {
    this.#service = service;
  }

  voices(): readonly Voice[] {
    return [DRIVER_VOICE];
  }

  speak(request: SpeakRequest, signal: AbortSignal): AsyncIterable<SpeechChunk> {
    const resampler = new Resampler(DRIVER_VOICE_RATE_HZ, ENGINE_RATE_HZ);
    return new CallbackStream<SpeechChunk>(signal, (push, end) => {
      const stream = this.#service.open((samples, isLast) => {
        push({ samples: resampler.push(samples) });
        if (!isLast) return;
        push({ samples: resampler.flush() });
        end();
      });
      stream.pushText(request.text);
      stream.endText();
      return () => stream.cancel();
    });
  }
}

export const DRIVER_VOICE: Voice = { id: "driver:stock", name: "Stock", language: "en-US" };
