import type pg from "pg";
import { isUrgent } from "../urgency.ts";

/** What waits for a connection; the pool's own, and not part of what it documents. */
type Queue = object[];

/** Has urgent work wait for a pool's connection only behind what is urgent, too. Others keep their order. */
export function putUrgentFirst(pool: pg.Pool): pg.Pool {
  const queue = (pool as unknown as { readonly _pendingQueue: Queue })._pendingQueue;
  const urgent = new WeakSet<object>();
  const connect = pool.connect.bind(pool) as (...parameters: unknown[]) => unknown;
  pool.connect = ((...parameters: unknown[]) => {
    const waiting = queue.length;
    const result = connect(...parameters);
    const added = queue.length > waiting && isUrgent() ? queue.pop() : undefined;
    if (added === undefined) return result;
    urgent.add(added);
    const others = queue.findIndex((item) => !urgent.has(item));
    queue.splice(others < 0 ? queue.length : others, 0, added);
    return result;
  }) as pg.Pool["connect"];
  return pool;
}
