/** Response bodies that are made while they are read. */

/**
 * Waits for the first piece, so that what fails at once still gets a status of its own. Nothing is made before it is read;
 * a reader that goes away ends the making.
 * @param onCancel called first, lest the maker waits for something that nobody wants
 */
export async function toStreamBody(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  onCancel: () => void,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<Uint8Array<ArrayBuffer>>> | undefined = Promise.resolve(await iterator.next());
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await (next ?? iterator.next());
        next = undefined;
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        onCancel();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** All pieces as one. */
export async function collect(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
