/** Writes what arrives together at once: a statement costs the embedded database as much as a hundred rows do. */

type Waiting<Item> = {
  readonly items: readonly Item[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Of one statement. */
const MAX_ITEMS = 2_000;

/**
 * Wraps a writer so that whatever comes while it writes goes into its next turn, in order. What fails together is tried
 * one by one, so that nobody fails over another's items.
 * @param gather waited for after a turn of several: where there are many, more of them share the next one. Default: no wait
 */
export function joinWrites<Item>(
  write: (items: readonly Item[]) => Promise<void>,
  gather: () => Promise<void> = async () => undefined,
): (items: readonly Item[]) => Promise<void> {
  const waiting: Waiting<Item>[] = [];
  let isWriting = false;

  const take = (): Waiting<Item>[] => {
    let count = 0;
    const end = waiting.findIndex(({ items }, index) => {
      count += items.length;
      return index > 0 && count > MAX_ITEMS;
    });
    return waiting.splice(0, end < 0 ? waiting.length : end);
  };
  const writeEach = async (turn: readonly Waiting<Item>[]) => {
    for (const { items, resolve, reject } of turn) await write(items).then(resolve, reject);
  };
  const writeAll = async () => {
    isWriting = true;
    for (let turn = take(); turn.length > 0; turn = take()) {
      const [first] = turn;
      if (turn.length === 1 && first) await write(first.items).then(first.resolve, first.reject);
      else {
        await write(turn.flatMap(({ items }) => items)).then(
          () => turn.forEach(({ resolve }) => void resolve()),
          () => writeEach(turn),
        );
        await gather();
      }
    }
    isWriting = false;
  };
  return (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ items, resolve, reject });
    if (!isWriting) void writeAll();
    return promise;
  };
}
