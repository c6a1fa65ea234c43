/** Who listens for the end of a turn, and after how much silence: what the same turns are measured with. */
import { type CallPlan, DEFAULT_RULES, type Rules } from "@earshot/engine";

export const LISTENERS = ["earshot", "voice-activity"] as const;
/** `voice-activity`: every pause of the shortest silence ends the turn, whatever was said. */
export type Listener = (typeof LISTENERS)[number];
export const ENDPOINTING_MS = [300, 600] as const;
export type EndpointingMs = (typeof ENDPOINTING_MS)[number];

const NEVER_MS = 3_600_000;
/** Finals are begun at a pause only where there are partials; further ones would only keep the machine busy. */
const PARTIALS_MS = NEVER_MS;

export type Hearing = { readonly listener: Listener; readonly endpointingMs: EndpointingMs };

/** The defaults of an agent, but for what is measured. */
export function toPlan(options: {
  readonly hearing?: Hearing;
  readonly greeting: Rules["greeting"];
  readonly voiceId: string;
}): CallPlan {
  const { hearing, greeting, voiceId } = options;
  const { endOfTurn, silence } = DEFAULT_RULES;
  return {
    rules: {
      ...DEFAULT_RULES,
      greeting,
      endOfTurn: {
        ...endOfTurn,
        ...(hearing === undefined ? {} : { minMs: hearing.endpointingMs }),
        ...(hearing?.listener === "voice-activity" ? { strategies: [] } : {}),
      },
      silence: { ...silence, remindAfterMs: NEVER_MS },
    },
    scenes: { main: { system: "You help callers.", tools: [], variables: [], voiceId, speed: 1 } },
    language: "en-US",
    keyterms: [],
    partialEveryMs: PARTIALS_MS,
  };
}
