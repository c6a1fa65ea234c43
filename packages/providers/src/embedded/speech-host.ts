import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { LocalModel } from "../local-models/local-model.ts";
import type { LoadedModel } from "./lines/loaded-model.ts";
import { type ControlMessage, SPEECH_ROLES, type SpeechBundle, type SpeechRole } from "./speech-bundle.ts";
import { SupervisedWorker } from "./supervised-worker.ts";

const ENTRIES: Readonly<Record<SpeechRole, URL>> = {
  voiceActivity: new URL("./voice-activity/voice-activity-worker.ts", import.meta.url),
  speechToText: new URL("./speech-to-text/speech-to-text-worker.ts", import.meta.url),
  voice: new URL("./speaking/voice-worker.ts", import.meta.url),
};

export type SpeechHostOptions = {
  /** Folder for files derived from the models; made when it is missing. */
  readonly cacheDir: string;
  /** The operator's own models, from `scanModels`. Default none. */
  readonly localModels?: readonly LocalModel[];
  /**
   * Nobody is understood: every utterance is heard as the same sentence, and the voice is a recording. Both cost next to
   * nothing; voice activity stays real. For load tests. Default false.
   */
  readonly isScripted?: boolean;
  /** Told when a worker dies or a model fails. Default: nobody. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

/** The node's speech models, each loaded once, in threads of their own. */
export interface SpeechHost {
  /** A line for one thread; post the bundle with its `transferList`, or use it in this thread. */
  connect(): { readonly bundle: SpeechBundle; readonly transferList: MessagePort[] };
  /** Every model, loaded or waiting for its first use. */
  models(): readonly LoadedModel[];
  /** Why a worker is gone for good, by role; empty while all is well. */
  problems(): Readonly<Partial<Record<SpeechRole, string>>>;
  /** Makes one worker fail as a bug would; it is started again. For tests. */
  crash(role: SpeechRole): Promise<void>;
  /** Ends all workers; what is under way fails. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the threads that hold the speech models and resolves when those are ready to serve.
 * @throws Error naming the model that could not be loaded, and why
 */
export async function startSpeechHost(options: SpeechHostOptions): Promise<SpeechHost> {
  const host = new ThreadedSpeechHost(options);
  try {
    await host.start();
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}

class ThreadedSpeechHost implements SpeechHost {
  readonly #workers: ReadonlyMap<SpeechRole, SupervisedWorker>;
  readonly #controls = new Set<MessagePort>();
  readonly #models = new Map<string, LoadedModel>();
  readonly #problems: Partial<Record<SpeechRole, string>> = {};
  #isClosed = false;

  constructor({ cacheDir, localModels = [], isScripted = false, log = () => undefined }: SpeechHostOptions) {
    const settings = { cacheDir, localModels: localModels.filter((model) => model.problem === undefined), isScripted };
    this.#isScripted = isScripted;
    this.#localModels = settings.localModels;
    const make = (role: SpeechRole): [SpeechRole, SupervisedWorker] => [
      role,
      new SupervisedWorker({
        entry: ENTRIES[role],
        settings,
        onModel: (model) => this.#models.set(model.name, model),
        onWarning: (message, reason) => log(message, { role, reason }),
        onRestart: () => this.#reconnect(role),
        onAbandon: (reason) => {
          log("A speech worker is gone for good", { role, reason });
          this.#abandon(role, reason);
        },
      }),
    ];
    this.#workers = new Map(SPEECH_ROLES.map(make));
  }

  readonly #localModels: readonly LocalModel[];
  readonly #isScripted: boolean;

  async start(): Promise<void> {
    await Promise.all([...this.#workers].map(([role, worker]) => startOrExplain(role, worker)));
  }

  connect(): { bundle: SpeechBundle; transferList: MessagePort[] } {
    if (this.#isClosed) throw new Error("The speech host is closed.");
    const control = new MessageChannel();
    this.#controls.add(control.port1);
    control.port1.on("close", () => this.#controls.delete(control.port1));
    control.port1.unref();
    const lines = {
      voiceActivity: this.#openLine("voiceActivity"),
      speechToText: this.#openLine("speechToText"),
      voice: this.#openLine("voice"),
    };
    const usable = this.#localModels.filter((model) => this.#models.get(model.name)?.problem === undefined);
    const bundle: SpeechBundle = {
      control: control.port2,
      lines,
      localModels: usable,
      isScripted: this.#isScripted,
    };
    return { bundle, transferList: [control.port2, ...Object.values(lines)] };
  }

  models(): readonly LoadedModel[] {
    return [...this.#models.values()];
  }

  problems(): Readonly<Partial<Record<SpeechRole, string>>> {
    return { ...this.#problems };
  }

  async crash(role: SpeechRole): Promise<void> {
    await this.#workers.get(role)?.crash();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const control of this.#controls) control.close();
    this.#controls.clear();
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()));
  }

  /** The near end of a line whose far end is with the worker, or closed when there is none. */
  #openLine(role: SpeechRole): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#workers.get(role)?.attach(port2) !== true) port2.close();
    return port1;
  }

  #reconnect(role: SpeechRole): void {
    for (const control of this.#controls) {
      const port = this.#openLine(role);
      control.postMessage({ type: "line", role, port } satisfies ControlMessage, [port]);
    }
  }

  #abandon(role: SpeechRole, reason: string): void {
    this.#problems[role] = reason;
    for (const control of this.#controls) {
      control.postMessage({ type: "abandoned", role, reason } satisfies ControlMessage);
    }
  }
}

async function startOrExplain(role: SpeechRole, worker: SupervisedWorker): Promise<void> {
  try {
    await worker.start();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The speech models could not be loaded (${role}): ${reason}`, { cause });
  }
}
