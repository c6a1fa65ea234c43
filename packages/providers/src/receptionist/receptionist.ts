import type { Embedder, LanguageModel, ReplyPart, ReplyRequest } from "@earshot/engine";
import { decide } from "./decide.ts";
import { readKnowledge } from "./knowledge.ts";
import { rememberVectors } from "./remembering-embedder.ts";
import { findNewValues, wasOnlyRemembered, withoutRemembering } from "./remembering-values.ts";
import { makeRetriever, toEmbeddedText } from "./retrieve.ts";

export type ReceptionistOptions = {
  /** Finds notes by meaning as well as by words. */
  readonly embedder?: Embedder;
};

export const RECEPTIONIST_NAME = "builtin/receptionist";

/**
 * A small deterministic program that stands in where there is no language model: it answers from the prompt and the
 * notes, asks for the agent's variables, calls tools by their phrases, takes a message. It keeps nothing of a request
 * but the meaning of its facts, for speed: the same request gives the same reply.
 */
export function receptionist(options: ReceptionistOptions = {}): LanguageModel {
  const embedder = options.embedder && rememberVectors(options.embedder);
  const retriever = makeRetriever(embedder);
  return {
    name: RECEPTIONIST_NAME,
    // Where the conversation stands is read from all that was said.
    context: "whole",
    prepare(system) {
      // Where it fails, the first question tries again.
      embedder?.embed(readKnowledge(system).facts.map(toEmbeddedText)).catch(() => {});
    },
    async *reply(request: ReplyRequest, signal: AbortSignal): AsyncGenerator<ReplyPart, void, undefined> {
      if (signal.aborted) return;
      const known = withoutRemembering(request);
      if (wasOnlyRemembered(request, known)) return yield { type: "silence" };
      const reply = await decide(known, retriever, signal);
      for (const [index, sentence] of reply.sentences.entries()) {
        if (signal.aborted) return;
        yield { type: "text", text: index === 0 ? sentence : ` ${sentence}` };
      }
      if (signal.aborted) return;
      const learnt = findNewValues(request, known);
      if (learnt !== undefined) yield { type: "tool-call", call: learnt };
      for (const [index, call] of reply.calls.entries()) {
        const id = `call_${request.messages.length}_${index}`;
        yield { type: "tool-call", call: { id, name: call.name, arguments: JSON.stringify(call.arguments) } };
      }
    },
  };
}
