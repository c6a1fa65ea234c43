/** Asks a language model about a call that is over, and takes its answer as JSON. */

import type { ReplyPart } from "@earshot/engine";
import { AppError } from "../app-error.ts";
import type { CompletionRequest } from "../models/completion-request.ts";
import type { TranscriptLine } from "./call.ts";

const TIMEOUT_MS = 60_000;

export type Complete = (request: CompletionRequest, signal: AbortSignal) => AsyncIterable<ReplyPart>;

/**
 * @param question `parse` throws for what is no answer; `refusal` is what is said then; `model`: its name, absent = the
 * node's default; an answer is read up to `maxCharacters` or a little more
 * @throws AppError `model_failed` when the model can't be reached, or what it gives is no answer
 */
export async function askOfTranscript<T>(
  complete: Complete,
  question: {
    readonly system: string;
    readonly lines: readonly TranscriptLine[];
    readonly model?: string | undefined;
    readonly maxCharacters: number;
    readonly parse: (answer: unknown) => T;
    readonly refusal: string;
  },
  signal: AbortSignal,
): Promise<T> {
  const { system, lines, model, maxCharacters, parse, refusal } = question;
  let answer = "";
  try {
    const parts = complete(
      {
        system,
        messages: [{ role: "caller", text: lines.map(({ role, text }) => `${role}: ${text}`).join("\n") }],
        tools: [],
        temperature: 0,
        ...(model === undefined ? {} : { model }),
      },
      AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    );
    for await (const part of parts) {
      if (part.type === "text") answer += part.text;
      if (answer.length > maxCharacters) break;
    }
  } catch (cause) {
    throw modelFailed("the language model failed: try again later", cause);
  }
  try {
    return parse(JSON.parse(withoutWrapping(answer)));
  } catch (cause) {
    throw modelFailed(refusal, cause);
  }
}

/** Models like to wrap their JSON in words or fences. */
function withoutWrapping(answer: string): string {
  return answer.slice(answer.indexOf("{"), answer.lastIndexOf("}") + 1);
}

function modelFailed(message: string, cause: unknown): AppError {
  return new AppError("model_failed", message, { cause });
}
