import type { Message, ReplyRequest } from "@earshot/engine";
import type { DialogueState } from "./dialogue-state.ts";
import { type Knowledge, readKnowledge } from "./knowledge.ts";
import { answerFrom, isLookedUp, lookUp } from "./look-up.ts";
import { goodbye, nextMove } from "./next-move.ts";
import { noteValues } from "./note-values.ts";
import { ANYTHING_ELSE_QUESTIONS, OFFER_MESSAGE_QUESTIONS, rotate } from "./questions.ts";
import { readState } from "./read-state.ts";
import { ask, join, type Reply, say, toText } from "./reply.ts";
import type { Retriever } from "./retrieve.ts";
import { allSlots } from "./slots.ts";
import { speakResult } from "./speak-result.ts";
import { isSilent } from "./steps.ts";
import { findIntent, type Intent, isQuestion } from "./understand/intents.ts";
import { finish, speakValue } from "./understand/parse-answer.ts";
import { normalise } from "./understand/words.ts";

/** Everything that one decision looks at. */
type Scene = {
  readonly request: ReplyRequest;
  readonly state: DialogueState;
  readonly knowledge: Knowledge;
  readonly retriever: Retriever;
  readonly signal: AbortSignal;
};

const HONEST = "I'm Earshot's built-in receptionist, a small program without a language model.";

/** The receptionist's turn, from the request alone. */
export async function decide(request: ReplyRequest, retriever: Retriever, signal: AbortSignal): Promise<Reply> {
  const noted = noteValues(request);
  if (noted !== undefined) return noted;
  const state = readState(request);
  const scene = { request, state, knowledge: readKnowledge(request.system), retriever, signal };
  const last = request.messages.at(-1);
  switch (last?.role) {
    case "caller":
      return join(say(...speakUnspoken(scene)), await answerCaller(scene, last.text));
    case "tool":
      return isLookedUp(last, request) ? tellFound(scene, last) : join(say(...speakUnspoken(scene)), carryOn(scene));
    case "instruction":
      return obey(scene, last.text);
    case "agent":
      return join(say("Are you still there?"), askAgain(scene));
    default:
      return greet(scene);
  }
}

function greet({ knowledge }: Scene): Reply {
  const name = knowledge.agentName === undefined ? "" : `My name is ${knowledge.agentName}.`;
  const place = knowledge.business === undefined ? "Hello." : `Hello, this is ${knowledge.business}.`;
  return ask(place, name, "How can I help?");
}

async function obey(scene: Scene, order: string): Promise<Reply> {
  const words = order.toLowerCase();
  const quoted = /["“]([^"”]{2,300})["”]/.exec(order)?.[1];
  const isEnd = /\b(?:goodbye|good-bye|hang up|end the call|time is up|say bye)\b/.test(words);
  if (quoted !== undefined) return join(say(quoted), isEnd ? { ...goodbye(scene.request), sentences: [] } : say());
  if (isEnd) return goodbye(scene.request);
  if (/\bgreet/.test(words)) return greet(scene);
  if (/\bsilen(?:t|ce)\b|\bquiet\b|\bnot (?:said|spoken|answered)\b/.test(words)) {
    return join(say("Are you still there?"), askAgain(scene));
  }
  // A note that is no order: whoever spoke before it still waits for an answer.
  const waiting = scene.request.messages.findLast(({ role }) => role !== "instruction");
  if (waiting?.role === "caller") return answerCaller(scene, waiting.text);
  return scene.state.agentTurns === 0 ? greet(scene) : askAgain(scene);
}

async function answerCaller(scene: Scene, text: string): Promise<Reply> {
  const { state } = scene;
  const intent = findIntent(text);
  const { turn } = state;
  if (intent === "garbage")
    return wasCutOff(scene) ? sayAgain(scene) : join(say("Sorry, I didn't catch that."), askAgain(scene));
  const isBackchannel = intent === "yes" && turn.answered === undefined;
  if (intent === "repeat" || (isBackchannel && wasCutOff(scene))) return sayAgain(scene);
  if (turn.filled.length + turn.corrected.length > 0) return join(acknowledge(scene), carryOn(scene));
  if (turn.answered === "anything-else" && turn.answer === "no") return goodbye(scene.request);
  if (intent === "goodbye") return goodbye(scene.request);
  if (turn.wasCancelled) return join(say("All right, I'll leave that."), carryOn(scene));
  if (turn.wasDeclined) return join(say("That's all right."), carryOn(scene));
  if (turn.began !== undefined || turn.answered !== undefined) return answerAnswer(scene);
  return answerIntent(scene, intent, text);
}

function answerAnswer(scene: Scene): Reply {
  const { turn } = scene.state;
  if (turn.missed !== undefined) return join(say("Sorry, I didn't get that."), carryOn(scene));
  if (turn.answered === "anything-else") return ask("Yes? I'm listening.");
  if (turn.answered === "confirm-slot") {
    return join(say(turn.answer === "no" ? "Sorry about that." : "Thank you."), carryOn(scene));
  }
  if (turn.answered === "read-back" && turn.answer === "yes")
    return join(say("Thank you, I have all I need."), carryOn(scene));
  return join(say(turn.answer === "no" ? "All right." : "Sure."), carryOn(scene));
}

async function answerIntent(scene: Scene, intent: Intent, text: string): Promise<Reply> {
  const { state, knowledge, request } = scene;
  switch (intent) {
    case "ask-robot":
      return join(say(HONEST, "I answer from what I was told, and I can take a message."), carryOn(scene));
    case "ask-capabilities":
      return join(say(...describeCapabilities(scene)), carryOn(scene));
    case "ask-identity": {
      const place = knowledge.business === undefined ? "" : `You've reached ${knowledge.business}.`;
      const name = knowledge.agentName === undefined ? "" : `My name is ${knowledge.agentName}.`;
      return join(say(place, name, HONEST), carryOn(scene));
    }
    case "greeting":
      return join(say("Hello."), nextMove(state, request) ?? ask("How can I help?"));
    case "how-are-you":
      return join(say("All is well here, thank you."), nextMove(state, request) ?? ask("How can I help?"));
    case "presence":
      return state.running.size > 0
        ? say("I'm here, and still working on that.")
        : join(say("I'm here."), nextMove(state, request) ?? ask("How can I help?"));
    case "thanks":
      return join(say("You're welcome."), carryOn(scene));
    case "yes":
    case "no":
      return join(say("All right."), carryOn(scene));
    default:
      return state.running.size > 0 && !isQuestion(text)
        ? say("I'm still working on that. One moment.")
        : answerFromKnowledge(scene, text);
  }
}

/** What callers say when they want something done rather than told. */
const WISH =
  /\b(?:book|appointment|reserv\w+|schedule|order|sign (?:me )?up|register|i(?:'d| would) like|i want|i need|we need|we'd like)\b/;

async function answerFromKnowledge(scene: Scene, text: string): Promise<Reply> {
  const { state, request, knowledge, retriever, signal } = scene;
  const facts = await retriever.retrieve(knowledge.facts, text, signal);
  if (facts.length > 0) return join(say(...facts.map((fact) => fact.text)), carryOn(scene));
  const next = nextMove(state, request);
  const isWish = WISH.test(normalise(text));
  if (next !== undefined && (isWish || !isQuestion(text)))
    return join(say(isWish ? "I can take that down." : "All right."), next);
  if (state.running.size > 0) return say("I don't know that.", "I'm still working on the other thing. One moment.");
  return lookUp(request, text) ?? dontKnow(scene, state);
}

function dontKnow(scene: Scene, state: DialogueState): Reply {
  const sorry = rotate(
    ["I'm sorry, I don't know that.", "I don't have an answer to that, I'm afraid."],
    state.agentTurns,
  );
  if (state.isTakingMessage) return join(say(sorry), carryOn(scene));
  return ask(sorry, rotate(OFFER_MESSAGE_QUESTIONS, state.agentTurns));
}

function describeCapabilities({ knowledge, request }: Scene): readonly string[] {
  const about = knowledge.business === undefined ? "what I was told" : knowledge.business;
  const answers = knowledge.facts.length === 0 ? "" : `I can answer questions about ${about}.`;
  const tools = request.tools
    .filter((tool) => (tool.phrases ?? []).length > 0)
    .slice(0, 3)
    .map((tool) => `You can say: ${tool.phrases?.[0] ?? tool.name}.`);
  return [answers, ...tools, "I can take a message for somebody."];
}

function acknowledge({ state, request }: Scene): Reply {
  const slots = allSlots(request);
  const find = (key: string | undefined) => slots.find((slot) => slot.key === key);
  const corrected = find(state.turn.corrected.at(-1));
  const newest = corrected === undefined ? undefined : state.values.get(corrected.key);
  if (corrected !== undefined && newest !== undefined) {
    return say(`All right, ${finish(speakValue(corrected.type, newest.value))}`);
  }
  const name = state.turn.filled.map(find).find((slot) => slot?.type === "name");
  const value = name === undefined ? undefined : state.values.get(name.key)?.value;
  if (value !== undefined) return say(`Thank you, ${String(value).split(" ")[0] ?? ""}.`);
  return say(rotate(["Thank you.", "Got it.", "All right."], state.agentTurns));
}

/** The next thing to do or ask; when there is none, now and then whether anything is left. */
function carryOn({ state, request }: Scene): Reply {
  const next = nextMove(state, request);
  if (next !== undefined) {
    const isDone = next.calls.length === 0 && !next.isAsking;
    return isDone ? join(next, ask(rotate(ANYTHING_ELSE_QUESTIONS, state.agentTurns))) : next;
  }
  if (state.running.size > 0) return say();
  return ask(rotate(ANYTHING_ELSE_QUESTIONS, state.agentTurns));
}

/** The open question in its next wording, or an open ear. */
function askAgain({ state, request }: Scene): Reply {
  const next = nextMove(state, request);
  return next !== undefined && next.calls.length === 0 ? next : ask("How can I help?");
}

/** What wasn't heard is said in full; what was heard is said once more. */
async function sayAgain(scene: Scene): Promise<Reply> {
  const { request, state } = scene;
  const at = request.messages.findLastIndex((message) => message.role === "agent" && message.text.trim() !== "");
  const said = request.messages[at];
  if (said?.role !== "agent") return greet(scene);
  if (said.wasCutOff !== true) return say(said.text);
  const before = { ...request, messages: request.messages.slice(0, at) };
  const whole = await decide(before, scene.retriever, scene.signal);
  const isSame = toText(whole).startsWith(said.text.replace(/[\s.…—-]+$/, ""));
  if (!isSame) return join(say(said.text), askAgain(scene));
  const isStillWanted = whole.calls.some((call) => call.name === state.toolName);
  return isStillWanted ? whole : say(...whole.sentences);
}

function wasCutOff({ request }: Scene): boolean {
  const said = request.messages.findLast((message): message is Message & { role: "agent" } => message.role === "agent");
  return said?.wasCutOff === true;
}

function speakUnspoken({ state, request }: Scene): readonly string[] {
  const isTold = (result: Message & { role: "tool" }) => !isSilent(result) && !isLookedUp(result, request);
  return state.unspoken.filter(isTold).flatMap((result) => speakResult(result));
}

async function tellFound(scene: Scene, result: Message & { role: "tool" }): Promise<Reply> {
  const { request, state, retriever, signal } = scene;
  const asked = request.messages.findLast(({ role }) => role === "caller");
  const question = asked?.role === "caller" ? asked.text : "";
  const found = await answerFrom(result, { question, retriever }, signal);
  return found.length > 0 ? join(say(...found), carryOn(scene)) : dontKnow(scene, state);
}
