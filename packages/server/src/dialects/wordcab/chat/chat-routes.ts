import type { Context } from "hono";
import type { AppEnv } from "../../../http/app-env.ts";
import { toAppError } from "../../../http/to-app-error.ts";
import { newId } from "../../../new-id.ts";
import { type DialectApp, type DialectDeps, parseBody } from "../../kit/open-dialect.ts";
import { toStreamBody } from "../stream-body.ts";
import { type ChatHead, toChatCompletion, toChatStream } from "./chat-answer.ts";
import { type ChatEvent, toChatEvents } from "./chat-reply.ts";
import { type ChatRequest, chatShape } from "./chat-shape.ts";
import { toReplyRequest } from "./to-reply-request.ts";

export function addChatRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  app.post(`${prefix}/chat/completions`, async (c) => {
    const chat = await parseBody(c, chatShape);
    const request = toReplyRequest(chat);
    const model = chooseModel(deps, chat.model ?? undefined);
    const controller = new AbortController();
    const signal = AbortSignal.any([c.req.raw.signal, controller.signal]);
    const parts = deps.complete({ ...request, ...(model === undefined ? {} : { model }) }, signal);
    const events = await begun(toChatEvents(parts, request, chat.stop ?? []));
    const now = deps.clock.now();
    const head: ChatHead = {
      id: newId("chatcmpl", now.getTime()).replace("_", "-"),
      created: Math.floor(now.getTime() / 1000),
      model: model ?? "default",
    };
    if (chat.stream === true) return stream(c, deps, { head, events, chat, onEnd: () => controller.abort() });
    const isJson = (chat.response_format?.type ?? "text") !== "text";
    return c.json(await toChatCompletion(head, events, { isJson }));
  });
}

async function* encode(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

/** A model that isn't here is answered for by the default one, whose name the answer tells. */
function chooseModel({ listModels }: DialectDeps, wanted: string | undefined): string | undefined {
  const models = listModels().filter(({ kind }) => kind === "language-model");
  return (models.find(({ name }) => name === wanted) ?? models.find(({ isDefault }) => isDefault))?.name;
}

/** Waits for the first event, so that what fails at once still gets a status of its own. */
async function begun(events: AsyncGenerator<ChatEvent>): Promise<AsyncGenerator<ChatEvent>> {
  const first = await events.next();
  return (async function* () {
    try {
      if (first.done !== true) yield first.value;
      yield* events;
    } finally {
      await events.return(undefined);
    }
  })();
}

async function stream(
  c: Context<AppEnv>,
  { log }: DialectDeps,
  options: {
    readonly head: ChatHead;
    readonly events: AsyncGenerator<ChatEvent>;
    readonly chat: ChatRequest;
    readonly onEnd: () => void;
  },
): Promise<Response> {
  const { head, events, chat, onEnd } = options;
  const pieces = toChatStream(head, events, {
    hasUsage: chat.stream_options?.include_usage === true,
    toAppError: (error) => toAppError(error, c, log),
  });
  c.header("Content-Type", "text/event-stream; charset=utf-8");
  c.header("Cache-Control", "no-cache");
  return c.body(await toStreamBody(encode(pieces), onEnd));
}
