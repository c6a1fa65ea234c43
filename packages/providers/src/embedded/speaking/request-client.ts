import type { WorkerLine } from "../lines/worker-line.ts";
import type { VoiceReport, VoiceRequest } from "./messages.ts";

type WithoutId<Request> = Request extends { id: number } ? Omit<Request, "id"> : never;

/** `isLost` where the worker went away rather than failed. */
export type RequestReport = Exclude<VoiceReport, { type: "failed" }> | FailedReport;
type FailedReport = { readonly type: "failed"; readonly id: number; readonly reason: string; readonly isLost?: true };

type Mailbox = { readonly reports: RequestReport[]; wake: () => void };

/** Sends requests over a line and hands each one's answers to whoever asked. */
export class RequestClient {
  readonly #line: WorkerLine;
  readonly #mailboxes = new Map<number, Mailbox>();
  #nextId = 1;

  constructor(line: WorkerLine) {
    this.#line = line;
    line.listen({
      onMessage: (message) => {
        const report = message as VoiceReport;
        if ("id" in report) this.#deliver(report);
      },
      onDown: (reason) => {
        for (const id of this.#mailboxes.keys()) this.#deliver({ type: "failed", id, reason, isLost: true });
      },
    });
  }

  /** Answers up to and without "done"; ends after a failure. When `signal` aborts it ends and the worker is told. */
  async *send(request: WithoutId<VoiceRequest>, signal?: AbortSignal): AsyncGenerator<RequestReport, void, undefined> {
    if (signal?.aborted) return;
    const id = this.#nextId++;
    const mailbox: Mailbox = { reports: [], wake: () => undefined };
    this.#mailboxes.set(id, mailbox);
    const onAbort = (): void => mailbox.wake();
    signal?.addEventListener("abort", onAbort);
    let isDone = false;
    try {
      if (!this.#line.post({ ...request, id })) {
        isDone = true;
        yield { type: "failed", id, reason: this.#line.problem, isLost: true };
      }
      while (!isDone && !signal?.aborted) {
        const report = mailbox.reports.shift();
        if (report === undefined) {
          await new Promise<void>((resolve) => {
            mailbox.wake = resolve;
          });
          continue;
        }
        isDone = report.type === "done" || report.type === "failed";
        if (report.type !== "done") yield report;
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#mailboxes.delete(id);
      if (!isDone) this.#line.post({ type: "cancel", id } satisfies VoiceRequest);
    }
  }

  #deliver(report: RequestReport): void {
    const mailbox = this.#mailboxes.get(report.id);
    mailbox?.reports.push(report);
    mailbox?.wake();
  }
}
