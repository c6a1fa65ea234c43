import { PgBoss } from "pg-boss";
import type { CarrierJobs } from "../carriers/carrier-jobs.ts";
import type { Database } from "../storage/database.ts";
import type { Log } from "../telemetry/log.ts";
import { startCarrierJobs } from "./carrier-jobs.ts";
import { workEach } from "./work-each.ts";

/** Work that is done at least once, even when the process dies in between. What it calls must be idempotent. */
export type Jobs = {
  enqueueFinishCall(callId: string): Promise<void>;
  enqueueDocument(documentId: string): Promise<void>;
  readonly carrier: CarrierJobs;
  /** Once, at that time (ISO 8601) or as soon as possible after it. */
  enqueueScheduledCall(scheduled: ScheduledCallJob, at: string): Promise<void>;
  /** Lets the jobs under way finish, for at most five seconds. Idempotent. */
  close(): Promise<void>;
};

/** `sealed`: all that is needed to place it. */
export type ScheduledCallJob = { readonly callId: string; readonly sealed: string };

export type JobHandlers = {
  readonly placeScheduledCall: (scheduled: ScheduledCallJob) => Promise<void>;
  readonly finishCall: (callId: string) => Promise<void>;
  readonly workThrough: (documentId: string) => Promise<void>;
  readonly carrier: CarrierJobs;
  readonly expireIdempotency: () => Promise<void>;
  readonly expireDeliveries: () => Promise<void>;
  readonly expireRecordings: () => Promise<void>;
  /** What is kept of carriers' calls and of transfers for some time only; then the database itself. */
  readonly tidy: () => Promise<void>;
};

const FINISH_CALL = "finish-call";
const WORK_THROUGH = "work-through-document";
const PLACE_SCHEDULED = "place-scheduled-call";
const EXPIRE_IDEMPOTENCY = "expire-idempotency";
const EXPIRE_DELIVERIES = "expire-deliveries";
const EXPIRE_RECORDINGS = "expire-recordings";
const TIDY = "tidy-database";
/** Hourly. */
const TIDY_AT = "43 * * * *";
/** Daily, at an hour of little traffic, UTC. */
const EXPIRE_AT = "17 3 * * *";
/** After what was deleted then. */
const TIDY_DATABASE_AT = "47 3 * * *";
const STOP_TIMEOUT_MS = 5_000;
const POLL_SECONDS = 2;
const PACE = { pollingIntervalSeconds: POLL_SECONDS, atOnce: 8 };

export async function startJobs(options: {
  readonly database: Database;
  readonly log: Log;
  readonly handlers: JobHandlers;
}): Promise<Jobs> {
  const { database, log, handlers } = options;
  const boss = new PgBoss({
    db: { executeSql: (text, values) => executeSql(database, text, values) },
    backend: database.kind === "embedded" ? "pglite" : "postgres",
    schema: "jobs",
  });
  boss.on("error", (error) => log.error({ err: error }, "job queue failed"));
  await boss.start();

  await boss.createQueue(FINISH_CALL, { retryLimit: 5, retryBackoff: true });
  await workEach<{ callId: string }>(boss, FINISH_CALL, PACE, ({ callId }) => handlers.finishCall(callId));
  await boss.createQueue(WORK_THROUGH, { retryLimit: 5, retryBackoff: true });
  await boss.work<{ documentId: string }>(WORK_THROUGH, { pollingIntervalSeconds: POLL_SECONDS }, async (jobs) => {
    for (const { data } of jobs) await handlers.workThrough(data.documentId);
  });
  await boss.createQueue(PLACE_SCHEDULED, { retryLimit: 1_000, retryDelay: 10, retentionSeconds: 30 * 86_400 });
  await workEach<ScheduledCallJob>(boss, PLACE_SCHEDULED, PACE, handlers.placeScheduledCall);
  await boss.createQueue(EXPIRE_IDEMPOTENCY, { retryLimit: 2 });
  await boss.schedule(EXPIRE_IDEMPOTENCY, TIDY_AT);
  await boss.work(EXPIRE_IDEMPOTENCY, { pollingIntervalSeconds: 60 }, () => handlers.expireIdempotency());
  await boss.createQueue(EXPIRE_DELIVERIES, { retryLimit: 2 });
  await boss.schedule(EXPIRE_DELIVERIES, EXPIRE_AT);
  await boss.work(EXPIRE_DELIVERIES, { pollingIntervalSeconds: 60 }, () => handlers.expireDeliveries());
  await boss.createQueue(EXPIRE_RECORDINGS, { retryLimit: 2 });
  await boss.schedule(EXPIRE_RECORDINGS, EXPIRE_AT);
  await boss.work(EXPIRE_RECORDINGS, { pollingIntervalSeconds: 60 }, () => handlers.expireRecordings());
  await boss.createQueue(TIDY, { retryLimit: 2 });
  await boss.schedule(TIDY, TIDY_DATABASE_AT);
  await boss.work(TIDY, { pollingIntervalSeconds: 60 }, () => handlers.tidy());

  let closing: Promise<void> | undefined;
  return {
    async enqueueFinishCall(callId) {
      await boss.send(FINISH_CALL, { callId });
    },
    async enqueueDocument(documentId) {
      await boss.send(WORK_THROUGH, { documentId });
    },
    carrier: await startCarrierJobs(boss, handlers.carrier),
    async enqueueScheduledCall(scheduled, at) {
      await boss.send(PLACE_SCHEDULED, scheduled, { startAfter: at, singletonKey: scheduled.callId });
    },
    close() {
      closing ??= boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
      return closing;
    },
  };
}

/**
 * Runs what pg-boss asks for. Its blocks begin and commit on their own: when one fails half-way, the connection must not
 * go back with a transaction open.
 */
async function executeSql(database: Database, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const client = await database.pool.connect();
  try {
    // As one object the embedded database may keep it prepared; several statements in one text can't be.
    const answer: { rows: unknown[] } | { rows: unknown[] }[] = await client.query(
      values?.length ? { text, values } : text,
    );
    client.release();
    return Array.isArray(answer) ? { rows: answer.flatMap(({ rows }) => rows) } : answer;
  } catch (error) {
    await client.query("rollback").then(
      () => client.release(),
      (broken: unknown) => client.release(broken instanceof Error ? broken : true),
    );
    throw error;
  }
}
