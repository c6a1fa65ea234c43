/** A model that hears and speaks by itself, in the place of recogniser, language model and voice. */

import { FRAME_MS, type Samples } from "../audio/frame.ts";
import type { Conversation } from "../conversation/conversation.ts";
import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { ToolConduct } from "../conversation/tool-conduct.ts";
import { ProviderError } from "../models/provider-error.ts";
import type {
  SpeechToSpeech,
  SpeechToSpeechEvent,
  SpeechToSpeechStream,
  TurnDetection,
} from "../models/speech-to-speech.ts";
import { Bridging } from "./bridging.ts";
import type { CallPlan } from "./call-plan.ts";
import type { Cast } from "./casting.ts";
import type { Clock } from "./clock.ts";
import type { Ears, Voice } from "./ears-and-voice.ts";
import type { Playout } from "./playout.ts";
import { RealtimeReply, type ReplyPiece } from "./realtime-reply.ts";
import { Told } from "./realtime-told.ts";
import { RealtimeUtterances } from "./realtime-utterances.ts";
import { toInstruction } from "./request.ts";
import type { Scene } from "./scene.ts";

/** A model that gives nothing of a reply for this long, and nothing is left to play, is taken for dead. */
const STALL_LIMIT_MS = 4_000;
/** Replies that fail one after the other, for another reason, before the pipeline takes over. */
const MAX_FAILURES = 2;

export type RealtimeModel = {
  readonly model: SpeechToSpeech;
  /** One of the model's. */
  readonly voiceId: string;
  /** Default: the model's own. */
  readonly turnDetection?: TurnDetection;
};

type Asked = { readonly askId: number; readonly isSay: boolean };

export class Realtime implements Ears, Voice {
  readonly #voiceId: string;
  readonly #stream: SpeechToSpeechStream;
  readonly #utterances: RealtimeUtterances;
  readonly #playout: Playout;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  readonly #newReply: () => RealtimeReply;
  readonly #provider: string;
  readonly #language: string;
  readonly #bridging: Bridging;
  readonly #told = new Told();
  /** Begun by the model, by its own ids, and not over. */
  readonly #replies = new Map<string, RealtimeReply>();
  /** Has the floor. */
  #open: RealtimeReply | undefined;
  #asked: Asked | undefined;
  #asks = 0;
  #failures = 0;
  #isOver = false;
  #cancelLimit: () => void = () => {};

  constructor(options: {
    realtime: RealtimeModel;
    plan: CallPlan;
    scene: Scene;
    playout: Playout;
    clock: Clock;
    startMs: number;
    post: (fact: Fact) => void;
    conductOf: (tool: string) => ToolConduct | undefined;
  }) {
    const { realtime, plan, scene, playout, clock, startMs, post, conductOf } = options;
    const { model, voiceId, turnDetection } = realtime;
    this.#voiceId = voiceId;
    this.#provider = model.name;
    this.#playout = playout;
    this.#clock = clock;
    this.#post = post;
    this.#language = plan.language;
    this.#bridging = new Bridging({ playout, clock, post, nextFiller: () => undefined });
    this.#utterances = new RealtimeUtterances({ clock, startMs, post });
    this.#newReply = () =>
      new RealtimeReply({ playout, post, conductOf, language: plan.language, provider: model.name });
    this.#stream = model.open({
      brief: this.#toBrief(scene),
      language: plan.language,
      keyterms: plan.keyterms,
      ...(turnDetection === undefined ? {} : { turnDetection }),
      onEvent: (event) => this.#onEvent(event),
    });
  }

  get awaitedCount(): number {
    return this.#utterances.awaitedCount;
  }

  get isActive(): boolean {
    return this.#open !== undefined;
  }

  push(frame: Samples): void {
    if (this.#isOver) return;
    this.#utterances.push(frame);
    this.#stream.push(frame);
  }

  interrupt(): void {
    this.#utterances.interrupt();
  }

  stop(): void {
    this.#utterances.interrupt();
  }

  /** What happened beside the audio is told to the model. */
  inform(now: Conversation): void {
    if (this.#isOver) return;
    const messages = this.#told.update(now);
    if (messages.length > 0) this.#stream.tell(messages);
  }

  /** Another scene, from the next reply on. */
  rebrief(scene: Scene): void {
    if (!this.#isOver) this.#stream.rebrief(this.#toBrief(scene));
  }

  /** Takes up what the model has offered, or asks it for a reply. */
  start({ replyId, offerId, purpose, say }: Effect & { type: "start-reply" }): void {
    const reply = (offerId === undefined ? undefined : this.#replies.get(offerId)) ?? this.#newReply();
    this.#open = reply;
    reply.begin(replyId);
    this.#limitWait();
    if (offerId === undefined) this.#ask(purpose, say);
    else if (reply.modelId === undefined) reply.fail(this.#error("bad-response", "an offer that was withdrawn"));
  }

  declineOffer(offerId: string): void {
    if (this.#replies.delete(offerId)) this.#stream.cancel(offerId, 0);
  }

  /** The pipeline's voice bridges the pause: the model's own has nothing to say. */
  bridge(effect: Effect & { type: "fill-pause" | "play-sound" }, { models, scene }: Cast): void {
    if (effect.type === "play-sound") return this.#bridging.playSound();
    const reply = this.#open;
    if (reply?.replyId !== effect.replyId || reply.isComplete) return;
    const voice = { textToSpeech: models.textToSpeech, scene };
    const { replyId, text } = effect;
    const speakable = { language: this.#language };
    this.#bridging.fill({ replyId, voice, speakable, isSpeaking: false, controller: new AbortController() }, text);
  }

  onQuiet(replyId: string, sinceMs: number): void {
    this.#post({ type: "reply-went-quiet", replyId, sinceMs });
  }

  cancel(replyId: string): void {
    if (this.#open?.replyId !== replyId) return;
    this.#open.stopShort();
    this.#playout.cancel(replyId);
  }

  onPlayed(replyId: string): void {
    const reply = this.#close(replyId);
    if (!reply) return;
    if (reply.failure) this.#drop(reply, reply.givenMs);
    this.#failures = reply.failure ? this.#failures + 1 : 0;
    const { failure } = reply;
    // First, so that what the rules order instead is the pipeline's.
    if (failure && (failure.kind === "timeout" || this.#failures >= MAX_FAILURES)) this.#giveUp(failure);
    this.#post(reply.toOutcome(replyId));
  }

  onCancelled(replyId: string, heardMs: number): void {
    const reply = this.#close(replyId);
    if (!reply) return;
    this.#drop(reply, heardMs);
    this.#post({ type: "reply-cancelled", replyId });
  }

  close(): void {
    this.#isOver = true;
    this.#cancelLimit();
    this.#utterances.close();
    this.#stream.close();
    this.#open = undefined;
    this.#replies.clear();
  }

  #ask(purpose: (Effect & { type: "start-reply" })["purpose"], say: string | undefined): void {
    const askId = ++this.#asks;
    this.#asked = { askId, isSay: say !== undefined };
    const text = say === undefined ? toInstruction(purpose) : undefined;
    if (text !== undefined) this.#stream.tell([{ role: "instruction", text }]);
    this.#stream.ask({ askId, ...(say === undefined ? {} : { say }) });
  }

  #onEvent(event: SpeechToSpeechEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case "speech-started":
      case "speech-ended":
      case "words":
        return this.#utterances.take(event);
      case "reply-started":
        return this.#onStarted(event.replyId, event.askId);
      case "reply-failed":
        return this.#onFailed(event);
      case "failed":
        return this.#giveUp(event.error);
      default:
        return this.#onPiece(event.replyId, event);
    }
  }

  #onStarted(modelId: string, askId: number | undefined): void {
    const open = this.#open;
    const isWanted = open !== undefined && open.modelId === undefined && this.#asked !== undefined && !open.isComplete;
    // What it begins by itself while it is asked is as good an answer, but not for words that were given.
    const isAnswer = isWanted && (askId === undefined ? !this.#asked?.isSay : askId === this.#asked?.askId);
    if (isAnswer) {
      this.#asked = undefined;
      open.modelId = modelId;
      this.#replies.set(modelId, open);
      return this.#limitWait();
    }
    if (askId !== undefined) return this.#stream.cancel(modelId, 0);
    const offered = this.#newReply();
    offered.modelId = modelId;
    this.#replies.set(modelId, offered);
    this.#post({ type: "reply-offered", offerId: modelId });
  }

  #onPiece(modelId: string, piece: ReplyPiece): void {
    const reply = this.#replies.get(modelId);
    if (!reply) return;
    if (reply === this.#open) this.#limitWait();
    reply.take(piece);
  }

  #onFailed(event: SpeechToSpeechEvent & { type: "reply-failed" }): void {
    const { replyId, askId, error } = event;
    if (replyId !== undefined) return this.#onPiece(replyId, event);
    if (this.#asked === undefined || this.#asked.askId !== askId) return;
    this.#asked = undefined;
    this.#open?.fail(error);
  }

  #limitWait(limitMs = STALL_LIMIT_MS): void {
    this.#cancelLimit();
    this.#cancelLimit = this.#clock.after(limitMs, () => {
      const reply = this.#open;
      if (!reply || reply.isComplete) return;
      if (this.#playout.aheadMs >= FRAME_MS) this.#limitWait(this.#playout.aheadMs);
      else reply.fail(this.#error("timeout", `nothing of a reply for ${STALL_LIMIT_MS} ms`));
    });
  }

  #close(replyId: string): RealtimeReply | undefined {
    const reply = this.#open;
    if (reply?.replyId !== replyId) return undefined;
    this.#cancelLimit();
    this.#asked = undefined;
    this.#open = undefined;
    return reply;
  }

  /** The model forgets what was not heard of it. */
  #drop({ modelId }: RealtimeReply, heardMs: number): void {
    if (modelId === undefined) return;
    this.#replies.delete(modelId);
    if (!this.#isOver) this.#stream.cancel(modelId, heardMs);
  }

  /** The pipeline takes over; what is being said is said to its end, as far as it is known. */
  #giveUp({ provider, kind, message }: ProviderError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stream.close();
    this.#utterances.close();
    this.#replies.clear();
    this.#post({ type: "realtime-failed", provider, kind, message });
    this.#open?.fail(new ProviderError({ provider, stage: "speech-to-speech", kind, message, isRetryable: true }));
  }

  #toBrief({ system, tools, speed, temperature, maxOutputTokens }: Scene) {
    return {
      ...{ system, tools, speed, voiceId: this.#voiceId },
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    };
  }

  #error(kind: "timeout" | "bad-response", message: string): ProviderError {
    return new ProviderError({ provider: this.#provider, stage: "speech-to-speech", kind, message, isRetryable: true });
  }
}
