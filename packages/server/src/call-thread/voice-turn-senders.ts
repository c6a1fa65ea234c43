import { sendAgentPhoneTurns } from "../dialects/agentphone/voice-turns.ts";
import { sendEarshotTurns } from "../voice-turns/earshot-turns.ts";
import type { VoiceTurnSender } from "../voice-turns/voice-turn.ts";

/** Who sends the turns of a call whose replies come from the customer's server, by the name of the dialect. */
export const voiceTurnSenders: ReadonlyMap<string, VoiceTurnSender> = new Map([
  ["earshot", sendEarshotTurns],
  ["agentphone", sendAgentPhoneTurns],
]);
