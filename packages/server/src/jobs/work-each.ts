import type { PgBoss } from "pg-boss";

export type Pace = {
  readonly pollingIntervalSeconds: number;
  /** Jobs of the queue that this node works on at the same time. At least two. */
  readonly atOnce: number;
};

/**
 * Has a queue's jobs worked on several at once, and each succeed or fail by itself. While there are more than fit, the
 * next ones are fetched without a wait: one a poll would let them pile up on a busy node.
 * @param handle must be idempotent; what it throws is tried again, as the queue says
 */
export async function workEach<Data>(
  boss: PgBoss,
  name: string,
  { pollingIntervalSeconds, atOnce }: Pace,
  handle: (data: Data) => Promise<void>,
): Promise<void> {
  const options = { pollingIntervalSeconds, batchSize: atOnce, burstWhenBatchFull: true, perJobResults: true } as const;
  await boss.work<Data>(name, options, (jobs) =>
    Promise.all(
      jobs.map(async ({ id, data }) => {
        try {
          await handle(data);
          return { id, status: "completed" as const };
        } catch (error) {
          return { id, status: "failed" as const, output: { message: String(error) } };
        }
      }),
    ),
  );
}
