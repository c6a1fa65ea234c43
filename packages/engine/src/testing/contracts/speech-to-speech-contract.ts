import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FRAME_SAMPLES, type Samples } from "../../audio/frame.ts";
import type { ToolDefinition } from "../../models/language-model.ts";
import type {
  SpeechToSpeech,
  SpeechToSpeechBrief,
  SpeechToSpeechEvent,
  SpeechToSpeechOptions,
  SpeechToSpeechStream,
} from "../../models/speech-to-speech.ts";

export type SpeechToSpeechSubject = {
  readonly model: SpeechToSpeech;
  /** 16 kHz, with silence enough at its end: the model takes it for one turn of a caller, and answers. */
  readonly turn: Samples;
  /** With this in its prompt the model answers with a call of the tool that it is given; absent where nothing makes it. */
  readonly promptForToolCall?: string;
  /** The same model, out of reach. */
  readonly unreachable?: SpeechToSpeech;
  readonly close?: () => Promise<void> | void;
};

/** What the session relies on, whichever model hears and speaks. Each test opens a call of its own. */
export function describeSpeechToSpeech(
  name: string,
  makeSubject: () => Promise<SpeechToSpeechSubject> | SpeechToSpeechSubject,
): void {
  describe(`${name} as SpeechToSpeech`, () => {
    let subject: SpeechToSpeechSubject;
    const calls: TestCall[] = [];
    beforeAll(async () => {
      subject = await makeSubject();
    });
    afterAll(async () => {
      for (const call of calls) call.stream.close();
      await subject.close?.();
    });
    const open = (options: Partial<SpeechToSpeechOptions> = {}, model = subject.model): TestCall => {
      const call = new TestCall(model, options);
      calls.push(call);
      return call;
    };

    describeListening(open, () => subject);
    describeAsking(open);
    describeTools(open, () => subject);
    describeStopping(open, () => subject);
  });
}

type Open = (options?: Partial<SpeechToSpeechOptions>, model?: SpeechToSpeech) => TestCall;
type Get = () => SpeechToSpeechSubject;

function describeListening(open: Open, get: Get): void {
  it("has a name, and voices that are listed once each with their language", () => {
    const voices = get().model.voices();
    expect(get().model.name).toMatch(/^[\w.:/-]+$/);
    expect(voices.length).toBeGreaterThan(0);
    expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length);
    for (const { language } of voices) expect(language).toMatch(/^[a-z]{2,3}(-|$)/);
  });

  it("hears a turn from its start to its end, and answers by itself", async () => {
    const call = open();
    call.speak(get().turn);
    const reply = await call.reply((event) => event.askId === undefined);
    await call.until((events) => events.some(({ type }) => type === "words"));
    const [started] = call.all("speech-started");
    const [ended] = call.all("speech-ended");
    expect([started?.utteranceId, ended?.utteranceId]).toEqual([1, 1]);
    expect(started?.sampleCount).toBeGreaterThanOrEqual(0);
    expect(ended?.sampleCount).toBeGreaterThanOrEqual(started?.sampleCount ?? 0);
    expect(ended?.sampleCount).toBeLessThanOrEqual(call.pushed);
    expect(call.all("words").map(({ utteranceId }) => utteranceId)).toEqual([1]);
    expect(reply.samples).toBeGreaterThan(0);
    expect(reply.text.trim()).not.toBe("");
  });

  it("numbers utterances in order, over all of a call", async () => {
    const call = open();
    for (let turn = 1; turn <= 3; turn++) {
      call.speak(get().turn);
      await call.until((events) => count(events, "reply-ended") === turn && count(events, "words") === turn);
    }
    for (const type of ["speech-started", "speech-ended", "words"] as const)
      expect(call.all(type).map(({ utteranceId }) => utteranceId)).toEqual([1, 2, 3]);
    const starts = call.all("speech-started").map(({ sampleCount }) => sampleCount);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it("keeps two calls apart", async () => {
    const [speaking, silent] = [open(), open()];
    speaking.speak(get().turn);
    silent.stream.ask({ askId: 1 });
    await speaking.reply(() => true);
    await silent.reply(({ askId }) => askId === 1);
    expect(speaking.all("reply-started")).toHaveLength(1);
    expect(silent.all("speech-started")).toHaveLength(0);
    expect(silent.all("reply-started")).toHaveLength(1);
  });
}

function describeAsking(open: Open): void {
  it("answers what it is asked before it is connected", async () => {
    const call = open();
    call.stream.ask({ askId: 7 });
    const reply = await call.reply(({ askId }) => askId === 7);
    expect(reply.samples).toBeGreaterThan(0);
  });

  it("answers several requests one after the other, each once", async () => {
    const call = open();
    for (const askId of [1, 2, 3]) call.stream.ask({ askId });
    await call.until((events) => count(events, "reply-ended") === 3);
    expect(call.all("reply-started").map(({ askId }) => askId)).toEqual([1, 2, 3]);
    const order = call.events.filter(({ type }) => type === "reply-started" || type === "reply-ended");
    expect(order.map(({ type }) => type === "reply-started")).toEqual([true, false, true, false, true, false]);
  });

  it("says given words", async () => {
    const call = open();
    call.stream.ask({ askId: 1, say: "We are open from nine to five." });
    const reply = await call.reply(({ askId }) => askId === 1);
    expect(reply.text.toLowerCase()).toContain("nine to five");
    expect(reply.samples).toBeGreaterThan(0);
  });

  it("takes a history, notes and another brief, and goes on", async () => {
    const call = open({
      history: [
        { role: "agent", text: "Bloom Dental, good morning." },
        { role: "caller", text: "" },
        { role: "agent", text: "We are op", wasCutOff: true },
        { role: "tool", toolCallId: "gone", name: "look_up", outcome: "succeeded", result: "{}" },
      ],
    });
    call.stream.tell([
      { role: "instruction", text: "The caller pressed 5." },
      { role: "agent", text: "One moment." },
      { role: "caller", text: "Hello?" },
    ]);
    call.stream.ask({ askId: 1 });
    await call.reply(({ askId }) => askId === 1);
    call.stream.rebrief({ ...call.brief, system: "You are somebody else.", tools: [BOOK_TABLE], speed: 1.2 });
    call.stream.ask({ askId: 2 });
    await call.reply(({ askId }) => askId === 2);
  });
}

function describeTools(open: Open, get: Get): void {
  it("calls a tool whole, and goes on with its result", async (context) => {
    const system = get().promptForToolCall;
    if (system === undefined) return context.skip("nothing makes this model call a tool");
    const call = open({ brief: { system, tools: [BOOK_TABLE], voiceId: get().model.voices()[0]?.id ?? "" } });
    call.stream.ask({ askId: 1 });
    await call.reply(({ askId }) => askId === 1);
    const calls = call.all("reply-tool-call");
    expect(calls).toHaveLength(1);
    const [made] = calls;
    expect(made?.call.id).not.toBe("");
    expect(made?.call.name).toBe("book_table");
    expect(JSON.parse(made?.call.arguments ?? "")).toBeTypeOf("object");
    const toolCallId = made?.call.id ?? "";
    call.stream.tell([{ role: "tool", toolCallId, name: "book_table", outcome: "succeeded", result: '{"table":7}' }]);
    call.stream.ask({ askId: 2 });
    await call.reply(({ askId }) => askId === 2);
  });
}

function describeStopping(open: Open, get: Get): void {
  it("ends a cancelled reply once, and says no more of it", async () => {
    const call = open();
    call.stream.ask({ askId: 1, say: "This is a long sentence, and it will not be heard to its end by anybody." });
    await call.until((events) => count(events, "reply-audio") > 0);
    const replyId = call.all("reply-started")[0]?.replyId ?? "";
    call.stream.cancel(replyId, 100);
    call.stream.cancel(replyId, 100);
    const before = count(call.events, "reply-audio");
    call.stream.ask({ askId: 2 });
    await call.reply(({ askId }) => askId === 2);
    expect(call.all("reply-ended").filter((event) => event.replyId === replyId)).toHaveLength(1);
    const audio = call.all("reply-audio").filter((event) => event.replyId === replyId);
    expect(audio).toHaveLength(before);
  });

  it("takes a cancellation of what is over, or was never there, for nothing", async () => {
    const call = open();
    call.stream.cancel("no-such-reply", 1000);
    call.stream.ask({ askId: 1 });
    const { replyId } = await call.reply(({ askId }) => askId === 1);
    call.stream.cancel(replyId, 0);
    call.stream.cancel(replyId, 10_000_000);
    call.stream.ask({ askId: 2 });
    await call.reply(({ askId }) => askId === 2);
    expect(call.all("reply-ended")).toHaveLength(2);
    expect(call.all("failed")).toEqual([]);
  });

  it("reports nothing after it was closed, and may be closed twice", async () => {
    const call = open();
    call.stream.ask({ askId: 1 });
    await call.until((events) => count(events, "reply-started") === 1);
    call.stream.close();
    const before = call.events.length;
    call.stream.close();
    call.speak(get().turn);
    call.stream.ask({ askId: 2 });
    call.stream.tell([{ role: "caller", text: "Hello?" }]);
    call.stream.cancel("reply", 0);
    call.stream.rebrief(call.brief);
    const other = open();
    other.stream.ask({ askId: 1 });
    await other.reply(() => true);
    expect(call.events).toHaveLength(before);
  });

  it("fails with the name of a voice that it does not have, and says nothing afterwards", async () => {
    const call = open({ brief: { system: "", tools: [], voiceId: "elsewhere:nobody" } });
    call.stream.ask({ askId: 1 });
    await call.until((events) => count(events, "failed") === 1);
    expect(call.events).toHaveLength(1);
    const [failed] = call.all("failed");
    expect(failed?.error).toMatchObject({ stage: "speech-to-speech", kind: "bad-request" });
    expect(failed?.error.message).toContain("elsewhere:nobody");
  });

  it("fails once where the model is out of reach", async (context) => {
    const { unreachable } = get();
    if (!unreachable) return context.skip("it is always within reach");
    const call = open({}, unreachable);
    call.stream.ask({ askId: 1 });
    await call.until((events) => count(events, "failed") === 1);
    expect(call.events).toHaveLength(1);
  });
}

type Kind = SpeechToSpeechEvent["type"];
type EventOf<Type extends Kind> = SpeechToSpeechEvent & { readonly type: Type };

class TestCall {
  readonly events: SpeechToSpeechEvent[] = [];
  readonly brief: SpeechToSpeechBrief;
  readonly stream: SpeechToSpeechStream;
  pushed = 0;
  #watchers: (() => void)[] = [];

  constructor(model: SpeechToSpeech, options: Partial<SpeechToSpeechOptions>) {
    this.brief = options.brief ?? {
      system: "You are a receptionist.",
      tools: [],
      voiceId: model.voices()[0]?.id ?? "",
    };
    this.stream = model.open({
      language: "en-US",
      ...options,
      brief: this.brief,
      onEvent: (event) => {
        this.events.push(event);
        for (const look of [...this.#watchers]) look();
      },
    });
  }

  /** Frames of 20 ms, as copies: who hears them may keep them. */
  speak(samples: Samples): void {
    for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
      this.stream.push(samples.slice(at, at + FRAME_SAMPLES));
      this.pushed += FRAME_SAMPLES;
    }
  }

  all<Type extends Kind>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  until(test: (events: readonly SpeechToSpeechEvent[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!test(this.events)) return;
        this.#watchers = this.#watchers.filter((other) => other !== look);
        resolve();
      };
      this.#watchers.push(look);
      look();
    });
  }

  /** The first such reply once it has ended. */
  async reply(isIt: (started: EventOf<"reply-started">) => boolean) {
    const find = () => this.all("reply-started").find(isIt);
    await this.until((events) =>
      events.some((event) => event.type === "reply-ended" && event.replyId === find()?.replyId),
    );
    const replyId = find()?.replyId ?? "";
    const text = this.all("reply-text").flatMap((event) => (event.replyId === replyId ? [event.text] : []));
    const audio = this.all("reply-audio").flatMap((event) => (event.replyId === replyId ? [event.samples.length] : []));
    return { replyId, text: text.join(""), samples: audio.reduce((sum, length) => sum + length, 0) };
  }
}

function count(events: readonly SpeechToSpeechEvent[], type: Kind): number {
  return events.filter((event) => event.type === type).length;
}

const BOOK_TABLE: ToolDefinition = {
  name: "book_table",
  description: "Books a table.",
  parameters: { type: "object", properties: { people: { type: "integer" } }, required: ["people"] },
};
