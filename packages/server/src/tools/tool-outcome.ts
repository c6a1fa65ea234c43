import type { ToolOutcome } from "@earshot/engine";

export function failed(result: string): ToolOutcome {
  return { outcome: "failed", result };
}

export function succeeded(result: string): ToolOutcome {
  return { outcome: "succeeded", result };
}
