import { z } from "zod";
import type { FetchFunction } from "./fetch-function.ts";

const MAX_MODELS = 20;
const modelList = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });
/** Servers list their embedding and speech models beside those that chat. */
const NO_CHAT = /embed|\bbge\b|minilm|rerank|whisper|\btts\b/i;

export type ListModelsFailure = { readonly status: number } | { readonly cause: unknown };

/** Asks `GET <baseUrl>/models`; ids of models that can chat, as the server orders them, 20 at most. */
export async function listModels(options: {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly fetch: FetchFunction;
  readonly signal: AbortSignal;
}): Promise<{ readonly ids: readonly string[] } | ListModelsFailure> {
  try {
    const headers = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };
    const response = await options.fetch(`${options.baseUrl}/models`, { headers, signal: options.signal });
    if (!response.ok) {
      await response.body?.cancel();
      return { status: response.status };
    }
    const list = modelList.parse(await response.json());
    return {
      ids: list.data
        .map((model) => model.id)
        .filter((id) => !NO_CHAT.test(id))
        .slice(0, MAX_MODELS),
    };
  } catch (cause) {
    return { cause };
  }
}
