import { type MessagePort, parentPort } from "node:worker_threads";
import type { LoadedModel } from "./loaded-model.ts";

/** What the host sends to a worker. */
export type WorkerOrder = { readonly type: "attach"; readonly port: MessagePort };

/** What a worker tells the host. */
export type WorkerReport =
  | { readonly type: "ready"; readonly models: readonly LoadedModel[] }
  | { readonly type: "model"; readonly model: LoadedModel }
  | { readonly type: "warning"; readonly message: string; readonly reason: string };

/** A worker's way to speak to its host. */
export type WorkerDesk = {
  /** Reports a model that was loaded late. */
  readonly announce: (model: LoadedModel) => void;
  readonly warn: (message: string, error: unknown) => void;
};

/** Reports a worker's models as loaded and from then on serves each line that is attached. */
export function serveLines(models: readonly LoadedModel[], serve: (port: MessagePort) => void): WorkerDesk {
  const host = parentPort;
  if (host === null) throw new Error("This file runs in a worker thread only.");
  const report = (message: WorkerReport): void => host.postMessage(message);
  host.on("message", (order: WorkerOrder) => serve(order.port));
  report({ type: "ready", models });
  return {
    announce: (model) => report({ type: "model", model }),
    warn: (message, error) => report({ type: "warning", message, reason: toReason(error) }),
  };
}

export function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
