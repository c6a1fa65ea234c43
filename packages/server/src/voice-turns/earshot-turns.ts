import { createHmac } from "node:crypto";
import { postTurn } from "./post-turn.ts";
import type { VoiceTurnSender } from "./voice-turn.ts";

/**
 * Our own format: `{ type: "voice.turn", callId, agentId, turn, transcript, messages, variables }`, with the header
 * `Idempotency-Key: <callId>-<turn>`. With a secret, `Earshot-Signature: t=<unix seconds>,v1=<hex>` holds the
 * HMAC-SHA256 of `<t>.<body>`.
 */
export const sendEarshotTurns: VoiceTurnSender = ({ call, voiceTurns, guard, clock }) => {
  const { url, secret } = voiceTurns;
  return ({ number, transcript, messages }, signal) => {
    const body = JSON.stringify({
      type: "voice.turn",
      callId: call.id,
      agentId: call.agentId,
      turn: number,
      transcript,
      messages,
      variables: call.variables,
    });
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const sign = (key: string) => createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex");
    const signature: Record<string, string> =
      secret === undefined ? {} : { "Earshot-Signature": `t=${seconds},v1=${sign(secret)}` };
    return postTurn(guard, { url, body, headers: { "Idempotency-Key": `${call.id}-${number}`, ...signature } }, signal);
  };
};
