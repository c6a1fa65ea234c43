import { toSamples } from "@earshot/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedServer } from "./shared-server.ts";
import { openTalkingBrowser, reasonToSkip, type TalkingBrowser } from "./talking-browser.ts";

describe.skipIf(reasonToSkip() !== undefined)("the documentation in a browser", () => {
  const server = sharedServer();
  let browser: TalkingBrowser;
  beforeAll(async () => {
    browser = await openTalkingBrowser(new Int16Array(toSamples(1_000)));
  });
  afterAll(async () => {
    await browser?.close();
  });

  it("shows the API reference with what this server alone serves, and nothing is refused", async () => {
    const { page } = browser;
    const outside: string[] = [];
    page.on("request", (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(server.url)) outside.push(request.url());
    });
    await page.goto(`${server.url}/docs/reference`);
    await page
      .getByRole("button", { name: /POST \/v1\/agents Create an agent/i })
      .first()
      .click();
    await page.getByText("Request body").first().waitFor();
    expect(outside).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  it("leads from page to page", async () => {
    const { page } = browser;
    await page.goto(`${server.url}/docs`);
    await page.getByRole("link", { name: "The TypeScript SDK" }).click();
    await page.getByRole("heading", { name: "Webhooks" }).waitFor();
    expect(browser.complaints).toEqual([]);
    await page.getByRole("link", { name: "View as Markdown" }).click();
    expect(await page.locator("body").textContent()).toContain("# The TypeScript SDK");
  });
});
