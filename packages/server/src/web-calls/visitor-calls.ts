/** Visitors that are counted at once; beyond it the one that has been quiet longest is forgotten. */
const MAX_VISITORS = 10_000;

type Visitor = { readonly callIds: Set<string>; starting: number };

/** Which live calls each visitor has, on this node. */
export class VisitorCalls {
  readonly #visitors = new Map<string, Visitor>();

  /**
   * Starts a call unless the visitor has as many already.
   * @returns what `start` returns; undefined when there are `most`
   */
  async start<Started extends { readonly call: { readonly id: string } }>(
    visitorKey: string,
    work: {
      readonly most: number;
      readonly isLive: (callId: string) => Promise<boolean>;
      readonly start: () => Promise<Started>;
    },
  ): Promise<Started | undefined> {
    const visitor = this.#visitor(visitorKey);
    for (const callId of visitor.callIds) if (!(await work.isLive(callId))) visitor.callIds.delete(callId);
    if (visitor.callIds.size + visitor.starting >= work.most) return undefined;
    visitor.starting += 1;
    try {
      const started = await work.start();
      visitor.callIds.add(started.call.id);
      return started;
    } finally {
      visitor.starting -= 1;
    }
  }

  #visitor(key: string): Visitor {
    const visitor = this.#visitors.get(key) ?? { callIds: new Set<string>(), starting: 0 };
    this.#visitors.delete(key);
    const [quietest] = this.#visitors.keys();
    if (this.#visitors.size >= MAX_VISITORS && quietest !== undefined) this.#visitors.delete(quietest);
    this.#visitors.set(key, visitor);
    return visitor;
  }
}
