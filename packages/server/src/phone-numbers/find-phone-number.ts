import { toE164 } from "./parse-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import type { PhoneNumberStore } from "./store.ts";

/** The active number, in whatever workspace: for routing. */
export function findByNumber(store: PhoneNumberStore, phoneNumber: string): Promise<PhoneNumber | undefined> {
  return store.findActive(toE164(phoneNumber));
}

/** The number that an agent calls and writes from when none is named: the one that it has had longest. */
export async function findForAgent(
  store: PhoneNumberStore,
  workspaceId: string,
  agentId: string,
): Promise<PhoneNumber | undefined> {
  const numbers = await store.list(workspaceId, { agentId, status: "active", limit: 100 });
  return numbers.at(-1);
}
