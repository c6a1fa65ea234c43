import type { VoiceTurnResponse } from "./voice-turn.ts";

/** More is no answer to be spoken. */
const MAX_ANSWER_BYTES = 1_000_000;

/** The answer is no use: cut short, too long or broken. */
export class UnreadableAnswerError extends Error {
  override readonly name = "UnreadableAnswerError";
}

/**
 * The JSON values of an answer: one, or with a content type of NDJSON one a line, each as soon as its line is there.
 * What doesn't even begin like an object is left out.
 * @throws UnreadableAnswerError
 */
export async function* readValues({ contentType, body }: VoiceTurnResponse): AsyncGenerator<unknown> {
  const isLines = /^application\/(?:x-)?(?:ndjson|jsonl)\b/i.test(contentType ?? "");
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = "";
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new UnreadableAnswerError(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    rest += decoder.decode(chunk, { stream: true });
    if (!isLines) continue;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield* parse(line);
  }
  yield* parse(rest + decoder.decode());
}

function* parse(text: string): Generator<unknown> {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return;
  try {
    yield JSON.parse(trimmed);
  } catch (cause) {
    throw new UnreadableAnswerError("the answer is broken JSON", { cause });
  }
}
