import { z } from "zod";
import { messageShape } from "../messages/message.ts";
import { toEpochMs, type WallClock } from "../wall-clock.ts";

const moment = z.iso.datetime({ offset: true });

/** Query parameters of lists of messages. */
export const messageQueryShape = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: moment.optional().describe("Only messages older than that, ISO 8601."),
  after: moment.optional().describe("Only messages newer than that, ISO 8601."),
};

export const messagePageShape = z
  .object({ data: z.array(messageShape), hasMore: z.boolean().describe("Whether there are older ones.") })
  .meta({ id: "MessagePage" });

type Query = { readonly limit: number; readonly before?: string | undefined; readonly after?: string | undefined };

export function toMessageFilter<Given extends Query>({ before, after, ...rest }: Given, clock: WallClock) {
  const at = (text: string | undefined) => (text === undefined ? undefined : clock.at(toEpochMs(text)));
  return { ...rest, before: at(before), after: at(after) };
}
