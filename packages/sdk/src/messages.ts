import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { type Message, type MessageQuery, pageMessages } from "./message-page.ts";
import type { PageOf } from "./page.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** From a number, or from the one of an agent; to a number, or to a group by `recipients`. */
export type NewMessage = requests["schemas"]["NewMessage"];
export type Reaction = components["schemas"]["Reaction"];

/** Text messages, sent and received. */
export class Messages extends ReadableResource<{ item: Message; query: MessageQuery }> {
  constructor(transport: Transport) {
    super(transport, "/v1/messages");
  }

  /** Await it for one page, newest first; iterate it for every message of all pages. */
  override list(query: MessageQuery = {}, options: RequestOptions = {}): PageOf<Message> {
    return pageMessages(this.transport, this.pathOf(), query, options);
  }

  /** Sends a message. One that no carrier takes comes back with the status `failed` and an `error`. */
  send(message: NewMessage, options: RequestOptions = {}): Promise<Message> {
    return this.post(this.pathOf(), message, options);
  }

  /** Adds a reaction, e.g. "👍". The same one again changes nothing. */
  react(messageId: string, reaction: string, options: RequestOptions = {}): Promise<Reaction> {
    return this.post(this.pathOf(messageId, "reactions"), { reaction }, options);
  }
}
