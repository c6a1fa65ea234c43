import { benchWebhooks } from "./bench-webhooks.ts";

/** What the API does a second. */
export async function benchApi(options: { isQuick: boolean }): Promise<void> {
  await benchWebhooks(options);
}
