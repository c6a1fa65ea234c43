/** Hands each message of the main thread to its call, and each call's to the main thread. */

import type {
  CallLeg,
  Clock,
  JournalEntry,
  LanguageModel,
  Scene,
  SceneModels,
  SpeechToText,
  TextToSpeech,
  TransferOrder,
  TransferOutcome,
} from "@earshot/engine";
import type { SpeechConnection } from "@earshot/providers";
import type { CallReservation } from "../calls/call-control.ts";
import { createBridge } from "../legs/bridge-leg.ts";
import type { LegWire } from "../legs/browser-leg.ts";
import type { Peers } from "../legs/open-peers.ts";
import { toLineQuality } from "../legs/sip/line-quality.ts";
import { CallMcpTools, offerMcpTools } from "../mcp-servers/call-mcp-tools.ts";
import { MAX_MCP_BYTES, McpConnections } from "../mcp-servers/mcp-connections.ts";
import { createUrlGuard, type UrlGuard } from "../outbound-http/guard-url.ts";
import { livePath } from "../recordings/recording-paths.ts";
import { createToolRunner } from "../tools/create-tool-runner.ts";
import { fillSpoken } from "../tools/fill-spoken.ts";
import type { ToolPayloads } from "../tools/tool-payload.ts";
import { politeText } from "../voice-turns/polite-text.ts";
import type { VoiceTurnSender } from "../voice-turns/voice-turn.ts";
import { createWebhookModel } from "../voice-turns/webhook-model.ts";
import { systemWallClock } from "../wall-clock.ts";
import { Completions } from "./completions.ts";
import { HandedOver } from "./handed-over.ts";
import { LiveCall } from "./live-call.ts";
import type { LanguageModels } from "./load-language-models.ts";
import type { RealtimeModels } from "./load-realtime-models.ts";
import type { CallThreadData, FromCallThread, ToCallThread } from "./messages.ts";
import { type CallRealtime, realtimeOf } from "./realtime-of.ts";
import { ThreadRequests } from "./thread-requests.ts";
import { toFill } from "./to-call-plan.ts";
import { flowTools } from "./to-flow.ts";

/** How long a reply waits for the tools of servers that have not answered yet. */
const MCP_WAIT_MS = 3_000;

type Send = (message: FromCallThread, transfer?: readonly ArrayBuffer[]) => void;

/** What of the thread's surroundings a desk needs. */
export type CallDeskOptions = {
  readonly data: Pick<CallThreadData, "dataDirectory" | "allowPrivateUrls" | "webhookSecret">;
  readonly clock: Clock;
  readonly speech: Omit<SpeechConnection, "embedder" | "close">;
  readonly languageModels: Pick<LanguageModels, "get" | "fallbackOf">;
  /** Default: none. */
  readonly realtimeModels?: RealtimeModels;
  /** By the name of the dialect. */
  readonly voiceTurnSenders: ReadonlyMap<string, VoiceTurnSender>;
  /** How tools of vendors' agents are asked; ours are anyway. */
  readonly toolPayloads?: ToolPayloads;
  /** Default: no WebRTC. */
  readonly peers?: Peers;
  readonly send: Send;
};

export class CallDesk {
  readonly #data: CallDeskOptions["data"];
  readonly #clock: Clock;
  readonly #speech: CallDeskOptions["speech"];
  readonly #languageModels: CallDeskOptions["languageModels"];
  readonly #realtimeModels: RealtimeModels | undefined;
  readonly #voiceTurnSenders: ReadonlyMap<string, VoiceTurnSender>;
  readonly #toolPayloads: ToolPayloads | undefined;
  readonly #peers: Peers | undefined;
  readonly #send: Send;
  readonly #guard: UrlGuard;
  readonly #completions: Completions;
  readonly #calls = new Map<string, LiveCall>();
  readonly #mcp: McpConnections;
  readonly #requests = new ThreadRequests((askId, callId, request) =>
    this.#send({ type: "ask", askId, callId, request }),
  );
  readonly #handedOver = new HandedOver();
  readonly #batches = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  #batchId = 0;

  constructor(options: CallDeskOptions) {
    this.#data = options.data;
    this.#clock = options.clock;
    this.#speech = options.speech;
    this.#languageModels = options.languageModels;
    this.#realtimeModels = options.realtimeModels;
    this.#voiceTurnSenders = options.voiceTurnSenders;
    this.#toolPayloads = options.toolPayloads;
    this.#peers = options.peers;
    this.#send = options.send;
    this.#completions = new Completions(options);
    this.#guard = createUrlGuard({ allow: options.data.allowPrivateUrls });
    const mcpGuard = createUrlGuard({ allow: options.data.allowPrivateUrls, maxResponseBytes: MAX_MCP_BYTES });
    this.#mcp = new McpConnections({ guard: mcpGuard, clock: systemWallClock });
  }

  /** Begins a call with its far end, or goes on with another one; false when there is no such call. */
  begin(callId: string, leg: CallLeg, isHandedOver = false): boolean {
    const call = this.#calls.get(callId);
    if (call?.replaceFarEnd(leg, isHandedOver)) return true;
    if (!call?.canBeBridged) return false;
    call.startWith(leg);
    return true;
  }

  receive(message: Exclude<ToCallThread, { type: "line" | "stream" }>): void {
    switch (message.type) {
      case "reserve":
        return this.#reserve(message.reservation);
      case "attach":
        return this.#calls.get(message.callId)?.attach(message.wireId, this.#wire(message.callId, message.wireId));
      case "detach":
        return this.#holder(message.callId)?.detach(message.wireId);
      case "audio":
        return this.#holder(message.callId)?.receiveAudio(message.samples);
      case "text":
        return this.#holder(message.callId)?.receiveText(message.text);
      case "end":
        return this.#calls.get(message.callId)?.end(message.reason);
      case "bridge": {
        const isObeyed = this.#bridge(...message.callIds);
        return this.#send({ type: "obeyed", orderId: message.orderId, isObeyed });
      }
      case "order": {
        const isObeyed = this.#calls.get(message.callId)?.obey(message.order) ?? false;
        return this.#send({ type: "obeyed", orderId: message.orderId, isObeyed });
      }
      case "answer":
        return this.#requests.settle(message.askId, message.answer);
      case "stored":
        return this.#settle(message.batchId, message.problem);
      case "complete":
      case "parts-read":
      case "cancel-completion":
        return this.#completions.receive(message);
    }
  }

  /** The call that has the line by now. */
  #holder(callId: string): LiveCall | undefined {
    return this.#calls.get(this.#handedOver.find(callId));
  }

  #reserve(reservation: CallReservation): void {
    const { call, agent, handoffs = {}, mcpServers = {} } = reservation;
    const callId = call.id;
    if (call.direction === "web" && call.pace === "real") this.#peers?.prepare();
    const { guard, clock, secret } = { guard: this.#guard, clock: systemWallClock, secret: this.#data.webhookSecret };
    const agents = [agent, ...Object.values(handoffs)];
    const mcp = CallMcpTools.ofAgents(agents, mcpServers, (endpoint) => this.#mcp.get(endpoint));
    const brainOf = this.#brainsOf(reservation);
    const realtime = this.#realtimeOf(reservation);
    const offer = (model: LanguageModel) => offerMcpTools(model, mcp, (ready) => this.#atMost(MCP_WAIT_MS, ready));
    const live = new LiveCall({
      reservation,
      clock: this.#clock,
      models: {
        voiceActivity: this.#speech.voiceActivity,
        speechToText: this.#earsOf(agent.models.speechToText),
        ...(realtime ? { realtime } : {}),
      },
      sceneModels: (scene) => ({
        languageModel: offer(brainOf(scene.languageModel)),
        textToSpeech: this.#voiceOf(scene.voiceId).textToSpeech,
      }),
      fallback: (scene) => {
        const { languageModel, ...voice } = this.#understudyOf(reservation, scene);
        return languageModel === undefined ? voice : { ...voice, languageModel: offer(languageModel) };
      },
      denoisers: this.#speech.denoisers,
      tools: createToolRunner(
        {
          ...{ guard, clock, secret, payloads: this.#toolPayloads, mcp },
          lookUp: (wanted) => this.#requests.lookUp(callId, { workspaceId: call.workspaceId, ...wanted }),
          sendMessage: (message) => this.#requests.sendMessage(callId, message),
        },
        {
          callId,
          agent: fillSpoken({ ...agent, tools: flowTools(agent) }, toFill(agent, call)),
          call,
          ...(reservation.handoffs ? { handoffs: reservation.handoffs } : {}),
        },
      ),
      mcp,
      carryTransfer: (order) => this.#transfer(callId, order),
      voiceIdOf: (wanted) => this.#voiceOf(wanted).voiceId,
      recordingPath: livePath(this.#data.dataDirectory, callId, reservation.recordingFormat ?? "wav"),
      store: (entries) => this.#store(callId, entries),
      openPeer: this.#peers?.open,
      onQuality: (statistics) =>
        this.#send({ type: "quality", callId: this.#handedOver.find(callId), quality: toLineQuality(statistics) }),
      onStarted: () => this.#send({ type: "started", callId }),
      onEnded: ({ reason, durationMs }) => {
        this.#calls.delete(callId);
        this.#handedOver.forget(callId);
        for (const other of this.#calls.values()) if (other.waitsFor === callId) other.end("caller-hung-up");
        this.#send({ type: "ended", callId, reason, durationMs });
      },
      onTrouble: (message, error) =>
        this.#send({ type: "log", level: "error", message, fields: { callId, error: describe(error) } }),
    });
    this.#calls.set(callId, live);
  }

  /** Hands the far end of a call to whoever answers. */
  async #transfer(callId: string, order: TransferOrder): Promise<{ outcome: TransferOutcome; message?: string }> {
    const placed = await this.#requests.placeTransfer(callId, order);
    if (placed.outcome === "referred") return { outcome: "answered" };
    if (placed.outcome !== "answered") return placed;
    if (placed.isRelay === true) return this.#join(callId, placed.callId);
    const [from, to] = [this.#calls.get(callId), this.#calls.get(placed.callId)];
    const line = to?.canTakeOver ? from?.release() : undefined;
    if (to === undefined || line === undefined) {
      to?.end("caller-hung-up");
      return { outcome: "failed" };
    }
    this.#handedOver.note(callId, placed.callId);
    this.#send({ type: "handed-over", callId, toCallId: placed.callId });
    to.takeOver(line);
    return { outcome: "answered" };
  }

  /** Connects the far end of a call with somebody who was called for it, once they have been briefed. */
  async #join(callId: string, toCallId: string): Promise<{ outcome: TransferOutcome; message?: string }> {
    const to = this.#calls.get(toCallId);
    if (!(await to?.joinable)) return { outcome: "no-answer", message: "they hung up before they were connected" };
    const line = this.#calls.get(callId)?.release();
    if (to === undefined || line === undefined) {
      to?.end("caller-hung-up");
      return { outcome: "failed" };
    }
    this.#handedOver.note(callId, toCallId);
    this.#send({ type: "handed-over", callId, toCallId, isRelay: true });
    if (!to.join(line)) line.farEnd.leg.close("internal");
    return { outcome: "answered" };
  }

  async #atMost(limitMs: number, until: Promise<unknown>): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = systemWallClock.after(limitMs, () => late.resolve());
    await Promise.race([until, late.promise]).finally(cancel);
  }

  #bridge(callIdA: string, callIdB: string): boolean {
    const [a, b] = [this.#calls.get(callIdA), this.#calls.get(callIdB)];
    if (!a?.canBeBridged || !b?.canBeBridged || a === b) return false;
    const [legOfA, legOfB] = createBridge(this.#clock);
    a.startWith(legOfA);
    b.startWith(legOfB);
    return true;
  }

  /** Language models by name. Where the customer's webhook answers, it does so in every scene. */
  #brainsOf({ call, agent, voiceTurns }: CallReservation): (name: string | undefined) => LanguageModel {
    if (voiceTurns === undefined) return (name) => this.#languageModels.get(name);
    const { dialect, timeoutMs } = voiceTurns;
    const sender = this.#voiceTurnSenders.get(dialect);
    const message = "There is no sender for the voice turns of a call: every turn fails";
    if (!sender) this.#send({ type: "log", level: "warn", message, fields: { callId: call.id, dialect } });
    const send = sender?.({ call, voiceTurns, guard: this.#guard, clock: systemWallClock });
    const webhook = createWebhookModel({
      send: send ?? (() => Promise.reject(new Error(`no sender "${dialect}"`))),
      timeoutMs,
      politeText: politeText(agent.language),
      clock: this.#clock,
    });
    return () => webhook;
  }

  /** Where the customer's webhook answers, no model does; the node's own voice speaks for any other. */
  #understudyOf({ agent, voiceTurns }: CallReservation, scene: Scene): Partial<SceneModels> {
    const { textToSpeech } = this.#speech;
    const languageModel =
      voiceTurns === undefined
        ? this.#languageModels.fallbackOf(scene.languageModel, agent.models.fallbackLanguageModel)
        : undefined;
    return {
      ...(languageModel === undefined ? {} : { languageModel }),
      ...(this.#voiceOf(scene.voiceId).textToSpeech === textToSpeech ? {} : { textToSpeech }),
    };
  }

  /** Vendors listen at the pace at which people speak: a call that runs faster has the pipeline. */
  #realtimeOf({ call, agent, voiceTurns }: CallReservation): CallRealtime | undefined {
    if (!this.#realtimeModels || call.pace === "fast" || voiceTurns !== undefined) return undefined;
    return realtimeOf(agent, this.#realtimeModels);
  }

  #earsOf(name: string | undefined): SpeechToText {
    return this.#speech.local.speechToText.find((model) => model.name === name) ?? this.#speech.speechToText;
  }

  /** A voice that is gone must not keep an agent from answering: the default one speaks instead. */
  #voiceOf(wanted: string | undefined): { textToSpeech: TextToSpeech; voiceId: string } {
    const { textToSpeech, local } = this.#speech;
    const defaultVoiceId = textToSpeech.voices()[0]?.id ?? "";
    const owner = [textToSpeech, ...local.textToSpeech].find((model) =>
      model.voices().some((voice) => voice.id === wanted),
    );
    if (owner === undefined) return { textToSpeech, voiceId: defaultVoiceId };
    return { textToSpeech: owner, voiceId: wanted ?? defaultVoiceId };
  }

  #wire(callId: string, wireId: number): LegWire {
    return {
      sendAudio: (samples) => this.#send({ type: "audio", callId, wireId, samples }, [samples.buffer]),
      sendText: (message) => this.#send({ type: "text", callId, wireId, message }),
      close: () => this.#send({ type: "close-wire", callId, wireId }),
    };
  }

  #store(callId: string, entries: readonly JournalEntry[]): Promise<void> {
    const batchId = ++this.#batchId;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#batches.set(batchId, { resolve, reject });
    this.#send({ type: "journal", batchId, callId, entries });
    return promise;
  }

  #settle(batchId: number, problem: string | undefined): void {
    const batch = this.#batches.get(batchId);
    this.#batches.delete(batchId);
    if (problem === undefined) batch?.resolve();
    else batch?.reject(new Error(problem));
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
