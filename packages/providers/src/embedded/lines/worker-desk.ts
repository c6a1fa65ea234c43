import process from "node:process";
import { type MessagePort, parentPort } from "node:worker_threads";
import type { LoadedModel } from "./loaded-model.ts";
import { finishNativeWork } from "./native-work.ts";

/** What the host sends to a worker. */
export type WorkerOrder =
  | { readonly type: "attach"; readonly port: MessagePort }
  | { readonly type: "close" }
  /** Fails as a bug in the worker would. For tests. */
  | { readonly type: "crash" };

/** What a worker tells the host. */
export type WorkerReport =
  | { readonly type: "ready"; readonly models: readonly LoadedModel[] }
  | { readonly type: "model"; readonly model: LoadedModel }
  | { readonly type: "warning"; readonly message: string; readonly reason: string }
  | { readonly type: "dying"; readonly reason: string };

/** A worker's way to speak with its host. */
export type WorkerDesk = {
  /** Reports the models as loaded and from then on serves each line that is attached. */
  readonly serve: (models: readonly LoadedModel[], serve: (port: MessagePort) => void) => void;
  /** Reports a model that was loaded late. */
  readonly announce: (model: LoadedModel) => void;
  readonly warn: (message: string, error: unknown) => void;
};

/** To be called first in a worker: from then on it ends only when no native work runs, whatever goes wrong. */
export function openWorkerDesk(): WorkerDesk {
  const host = parentPort;
  if (host === null) throw new Error("This file runs in a worker thread only.");
  const report = (message: WorkerReport): void => host.postMessage(message);
  const ports = new Set<MessagePort>();
  let serve: ((port: MessagePort) => void) | undefined;

  const attach = (port: MessagePort): void => {
    ports.add(port);
    port.on("close", () => ports.delete(port));
    serve?.(port);
  };
  /** The far ends learn at once that nothing more will come. */
  const end = async (code: number): Promise<void> => {
    for (const port of ports) port.close();
    await finishNativeWork();
    process.exit(code);
  };

  process.on("uncaughtException", (error) => {
    report({ type: "dying", reason: toReason(error) });
    void end(1);
  });
  host.on("message", (order: WorkerOrder) => {
    switch (order.type) {
      case "attach":
        return attach(order.port);
      case "close":
        return void end(0);
      case "crash":
        throw new Error("the worker was told to crash");
    }
  });
  return {
    serve: (models, handler) => {
      serve = handler;
      for (const port of ports) handler(port);
      report({ type: "ready", models });
    },
    announce: (model) => report({ type: "model", model }),
    warn: (message, error) => report({ type: "warning", message, reason: toReason(error) }),
  };
}

export function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
