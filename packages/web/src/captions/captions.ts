import type { JournalEntry, JournalEvent } from "./journal-entry.ts";

/** What the page shows of a conversation: a fold over the call's journal. */
export type Captions = {
  readonly lines: readonly CaptionLine[];
  readonly isCallerTalking: boolean;
  readonly agent: { readonly state: "idle" } | { readonly state: "thinking" | "talking"; readonly replyId: string };
  readonly endReason?: string;
};

export type CaptionLine =
  | { readonly role: "caller"; readonly atMs: number; readonly utterances: readonly Utterance[] }
  | {
      readonly role: "agent";
      readonly atMs: number;
      readonly replyId: string;
      /** Only what has been heard so far. */
      readonly text: string;
      readonly state: "talking" | "said" | "cut-off";
    }
  | {
      readonly role: "tool";
      readonly atMs: number;
      readonly toolCallId: string;
      readonly name: string;
      readonly state: "running" | "succeeded" | "failed";
    }
  | { readonly role: "note"; readonly atMs: number; readonly text: string };

/** One stretch of the caller's speech; its words may still change until it is final. */
type Utterance = { readonly utteranceId: number; readonly text: string; readonly isFinal: boolean };

export const NO_CAPTIONS: Captions = { lines: [], isCallerTalking: false, agent: { state: "idle" } };

const UNHEARD = "What you said could not be turned into text";

/** Takes one journal entry in. Pure; entries must come in order, unknown ones change nothing. */
export function foldCaptions(now: Captions, entry: JournalEntry): Captions {
  const captions = foldEvent(now, entry.atMs, entry.event);
  const started = entry.effects.findLast((effect) => effect.type === "start-reply");
  return started === undefined ? captions : { ...captions, agent: { state: "thinking", replyId: started.replyId } };
}

function foldEvent(now: Captions, atMs: number, event: JournalEvent): Captions {
  switch (event.type) {
    case "caller-speech-started":
      return { ...now, isCallerTalking: true, lines: openUtterance(now.lines, atMs, event.utteranceId) };
    case "caller-speech-ended":
      return { ...now, isCallerTalking: false };
    case "transcript-partial":
      return { ...now, lines: setUtterance(now.lines, { ...event, isFinal: false }) };
    case "transcript-final":
      return { ...now, lines: setUtterance(now.lines, { ...event, isFinal: true }) };
    case "transcript-failed":
      return addNote({ ...now, lines: setUtterance(now.lines, { ...event, text: "", isFinal: true }) }, atMs, UNHEARD);
    case "digit-pressed":
      return addNote(now, atMs, `You pressed ${event.digit}`);
    case "reply-audio-started":
      return startTalking(now, atMs, event.replyId);
    case "reply-heard":
      return { ...now, lines: addHeard(now.lines, event.replyId, event.text) };
    case "reply-ended":
      return settleReply(now, event.replyId, "said");
    case "reply-cancelled":
      return settleReply(now, event.replyId, "cut-off");
    case "reply-failed":
      return addNote(now, atMs, `The agent's ${event.stage.replace(/-/g, " ")} failed`);
    case "tool-requested":
      return addLine(now, { role: "tool", atMs, toolCallId: event.toolCallId, name: event.name, state: "running" });
    case "tool-finished":
      return { ...now, lines: finishTool(now.lines, event.toolCallId, event.outcome) };
    case "call-ended":
      return { ...now, isCallerTalking: false, agent: { state: "idle" }, endReason: event.reason };
    default:
      return now;
  }
}

function addLine(now: Captions, line: CaptionLine): Captions {
  return { ...now, lines: [...now.lines, line] };
}

function addNote(now: Captions, atMs: number, text: string): Captions {
  return addLine(now, { role: "note", atMs, text });
}

function openUtterance(lines: readonly CaptionLine[], atMs: number, utteranceId: number): readonly CaptionLine[] {
  const utterance: Utterance = { utteranceId, text: "", isFinal: false };
  const last = lines.at(-1);
  if (last?.role !== "caller") return [...lines, { role: "caller", atMs, utterances: [utterance] }];
  return [...lines.slice(0, -1), { ...last, utterances: [...last.utterances, utterance] }];
}

/** A cough has no words in the end: its utterance goes, and with it a line that held nothing else. */
function setUtterance(lines: readonly CaptionLine[], update: Utterance): readonly CaptionLine[] {
  const { utteranceId, text, isFinal } = update;
  return lines.flatMap((line) => {
    if (line.role !== "caller" || !line.utterances.some((one) => one.utteranceId === utteranceId)) return [line];
    const utterances = line.utterances
      .map((one) => (one.utteranceId === utteranceId ? { utteranceId, text: text.trim(), isFinal } : one))
      .filter((one) => !(one.isFinal && one.text === ""));
    return utterances.length === 0 ? [] : [{ ...line, utterances }];
  });
}

function startTalking(now: Captions, atMs: number, replyId: string): Captions {
  const talking: Captions = { ...now, agent: { state: "talking", replyId } };
  if (now.lines.some((line) => line.role === "agent" && line.replyId === replyId)) return talking;
  return addLine(talking, { role: "agent", atMs, replyId, text: "", state: "talking" });
}

function addHeard(lines: readonly CaptionLine[], replyId: string, text: string): readonly CaptionLine[] {
  return lines.map((line) =>
    line.role === "agent" && line.replyId === replyId ? { ...line, text: `${line.text} ${text.trim()}`.trim() } : line,
  );
}

function settleReply(now: Captions, replyId: string, state: "said" | "cut-off"): Captions {
  const isCurrent = now.agent.state !== "idle" && now.agent.replyId === replyId;
  return {
    ...now,
    agent: isCurrent ? { state: "idle" } : now.agent,
    lines: now.lines.flatMap((line) => {
      if (line.role !== "agent" || line.replyId !== replyId) return [line];
      return line.text === "" ? [] : [{ ...line, state }];
    }),
  };
}

function finishTool(lines: readonly CaptionLine[], toolCallId: string, outcome: string): readonly CaptionLine[] {
  const state = outcome === "succeeded" ? "succeeded" : "failed";
  return lines.map((line) => (line.role === "tool" && line.toolCallId === toolCallId ? { ...line, state } : line));
}
