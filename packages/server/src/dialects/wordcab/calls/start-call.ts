import { readAgent } from "../../../agents/read-agent.ts";
import { AppError } from "../../../app-error.ts";
import type { Call } from "../../../calls/call.ts";
import type { DialectDeps } from "../../kit/open-dialect.ts";
import type { NewWordcabCall } from "./call-shape.ts";

export async function startCall(
  deps: DialectDeps,
  workspaceId: string,
  { agentId }: { readonly agentId: string; readonly body: NewWordcabCall },
): Promise<Call> {
  await readAgent(deps.agents, workspaceId, agentId);
  throw new AppError("not_supported", "calls can't be placed yet");
}
