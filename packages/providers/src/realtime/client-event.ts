/** What we say to a realtime server: the JSON of OpenAI's client events, as far as the vendors agree. */
import type { Message } from "@earshot/engine";

/** Sent as JSON. */
export type ClientEvent = { readonly type: string; readonly event_id?: string } & Readonly<Record<string, unknown>>;

/** An item of the conversation; `previous_item_id` is left out: items are added at the end. */
type Item = Readonly<Record<string, unknown>>;

export function createItem(item: Item): ClientEvent {
  return { type: "conversation.item.create", item };
}

export function systemItem(text: string): ClientEvent {
  return createItem({ type: "message", role: "system", content: [{ type: "input_text", text }] });
}

export function deleteItem(itemId: string): ClientEvent {
  return { type: "conversation.item.delete", item_id: itemId };
}

/** `heardMs` must not be beyond the item's audio: that is an error. */
export function truncateItem(itemId: string, heardMs: number): ClientEvent {
  return {
    type: "conversation.item.truncate",
    item_id: itemId,
    content_index: 0,
    audio_end_ms: Math.max(0, Math.floor(heardMs)),
  };
}

/** Written by hand: fifty a second of them, and base64 needs no escaping. */
export function appendAudio(pcm: Buffer): string {
  return `{"type":"input_audio_buffer.append","audio":"${pcm.toString("base64")}"}`;
}

/** Calls that the server knows of can be answered; it refuses other answers. */
export type KnownCalls = { has(callId: string): boolean; add(callId: string): unknown };

/** Messages as items. Calls that it knows already are not told again; answers to calls that it does not know become words. */
export function toItems(messages: readonly Message[], known: KnownCalls): ClientEvent[] {
  return messages.flatMap((message) => toItem(message, known));
}

function toItem(message: Message, known: KnownCalls): ClientEvent[] {
  switch (message.role) {
    case "caller":
      return message.text === ""
        ? []
        : [createItem({ type: "message", role: "user", content: [{ type: "input_text", text: message.text }] })];
    case "instruction":
      return message.text === "" ? [] : [systemItem(message.text)];
    case "agent":
      return [...toSpoken(message.text, message.wasCutOff === true), ...toCalls(message.toolCalls ?? [], known)];
    case "tool":
      if (!known.has(message.toolCallId))
        return [systemItem(`The tool ${message.name} ${message.outcome}. Its result: ${message.result}`)];
      return [
        createItem({
          type: "function_call_output",
          call_id: message.toolCallId,
          output: message.outcome === "failed" ? `The call failed: ${message.result}` : message.result,
        }),
      ];
  }
}

function toSpoken(text: string, wasCutOff: boolean): ClientEvent[] {
  if (text === "") return [];
  const spoken = wasCutOff ? `${text} —` : text;
  return [createItem({ type: "message", role: "assistant", content: [{ type: "output_text", text: spoken }] })];
}

function toCalls(
  calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[],
  known: KnownCalls,
) {
  const events: ClientEvent[] = [];
  for (const call of calls) {
    if (known.has(call.id)) continue;
    known.add(call.id);
    events.push(
      createItem({ type: "function_call", call_id: call.id, name: call.name, arguments: call.arguments || "{}" }),
    );
  }
  return events;
}
