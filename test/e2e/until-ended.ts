import type { Call, Earshot } from "@earshot/sdk";
import { eventually } from "./eventually.ts";

/** The call once the server has written its end down, which is shortly after it has closed the connection. */
export function untilEnded(earshot: Earshot, callId: string): Promise<Call> {
  return eventually(async () => {
    const call = await earshot.calls.get(callId);
    if (call.status !== "ended") throw new Error(`the call is ${call.status}`);
    return call;
  });
}
