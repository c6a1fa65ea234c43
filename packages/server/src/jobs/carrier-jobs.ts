import type { PgBoss } from "pg-boss";
import type { CarrierJobs } from "../carriers/carrier-jobs.ts";
import { workEach } from "./work-each.ts";

type Queue = {
  readonly name: string;
  /** How long a job waits at first, s. */
  readonly startAfter?: number;
  readonly retryLimit: number;
  /** Before the first further attempt; each later wait is longer. */
  readonly retryDelay: number;
  readonly retryDelayMax: number;
};

const PACE = { pollingIntervalSeconds: 1, atOnce: 16 };

/** An order may take a day, where papers are wanted. */
const CONFIRM_ORDER: Queue = {
  ...{ name: "confirm-number-order", startAfter: 60 },
  ...{ retryLimit: 60, retryDelay: 60, retryDelayMax: 3_600 },
};
/** For as long as carriers try to bring a message themselves. */
const SEND_MESSAGE: Queue = { name: "send-message", retryLimit: 40, retryDelay: 5, retryDelayMax: 900 };
/** An answer that comes much later answers nothing. */
const ANSWER_MESSAGE: Queue = { name: "answer-message", retryLimit: 4, retryDelay: 5, retryDelayMax: 60 };

/** @param handlers each must be idempotent; one that throws is tried again */
export async function startCarrierJobs(boss: PgBoss, handlers: CarrierJobs): Promise<CarrierJobs> {
  return {
    confirmOrder: await start(boss, CONFIRM_ORDER, handlers.confirmOrder),
    sendMessage: await start(boss, SEND_MESSAGE, handlers.sendMessage),
    answerMessage: await start(boss, ANSWER_MESSAGE, handlers.answerMessage),
  };
}

async function start(
  boss: PgBoss,
  { name, startAfter, ...retry }: Queue,
  handle: (id: string) => Promise<void>,
): Promise<(id: string) => Promise<void>> {
  await boss.createQueue(name, { ...retry, retryBackoff: true });
  await workEach<{ id: string }>(boss, name, PACE, ({ id }) => handle(id));
  return async (id) => {
    await boss.send(name, { id }, startAfter === undefined ? {} : { startAfter });
  };
}
