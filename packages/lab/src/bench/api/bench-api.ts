import { benchRoutes } from "./bench-routes.ts";
import { benchWebhooks } from "./bench-webhooks.ts";

/** What the API does a second. */
export async function benchApi(options: { isQuick: boolean }): Promise<void> {
  await benchRoutes(options);
  await benchWebhooks(options);
}
