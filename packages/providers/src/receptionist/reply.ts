/** What the receptionist does with its turn. */
export type Reply = {
  /** Said one after the other. */
  readonly sentences: readonly string[];
  readonly calls: readonly PlannedCall[];
  /** It ends with something for the caller to answer. */
  readonly isAsking: boolean;
};

export type PlannedCall = { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };

export function say(...sentences: readonly string[]): Reply {
  return { sentences: sentences.filter((sentence) => sentence !== ""), calls: [], isAsking: false };
}

export function ask(...sentences: readonly string[]): Reply {
  return { ...say(...sentences), isAsking: true };
}

export function call(name: string, values: Readonly<Record<string, unknown>>): Reply {
  return { sentences: [], calls: [{ name, arguments: values }], isAsking: false };
}

export function join(...replies: readonly Reply[]): Reply {
  return {
    sentences: replies.flatMap((reply) => reply.sentences),
    calls: replies.flatMap((reply) => reply.calls),
    isAsking: replies.some((reply) => reply.isAsking),
  };
}

export function toText(reply: Reply): string {
  return reply.sentences.join(" ");
}
