import fc from "fast-check";
import { expect, test } from "vitest";
import { TEST_KEY } from "../../api/testing/test-deps.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import agents from "./fixtures/agents.json" with { type: "json" };
import resources from "./fixtures/resources.json" with { type: "json" };
import type { Json } from "./testing/hms-client.ts";
import { setUp } from "./testing/set-up.ts";

const POSTS = [
  "/agents",
  "/assistants",
  "/calls",
  "/calls/outbound",
  "/calls/none/control",
  "/web-calls",
  "/numbers",
  "/sip-trunks",
  "/tool-templates",
  "/analysis-templates",
  "/campaigns",
  "/campaigns/none/leads",
  "/workflows",
  "/mcp-servers",
  "/mcp-servers/none/test",
  "/byok",
  "/domains/sync",
  "/organizations",
  "/chats",
];

/** Documents that nearly mean something get further than random ones. */
const SEEDS: Json[] = [...Object.values(agents), ...Object.values(resources).map(({ body }) => body as Json)];
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
);
const json = fc.jsonValue({ maxDepth: 4 });

/** A documented body, of which some values were replaced by others. */
const mutated = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(fc.tuple(fc.nat(), fc.oneof(leaf, json)), { maxLength: 3 }))
  .map(([seed, changes]) => {
    const copy = structuredClone(seed);
    for (const [at, value] of changes) {
      const places = placesOf(copy);
      const place = places[at % places.length];
      if (place !== undefined) place.holder[place.key] = value;
    }
    return copy;
  });

type Place = { readonly holder: Record<string, unknown>; readonly key: string };

function placesOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}

describeOnEachDatabase("HMS's API", (database) => {
  test("answers any document with a 4xx in its own shape, or does what it says", async () => {
    const { app, hms } = setUp(database());
    const { agent } = await hms.post<{ agent: Json }>("/agents", { name: "Steady" });
    const ask = async (method: string, path: string, body: unknown) => {
      const response = await app.request(`http://localhost/hms/api/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${TEST_KEY}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, answer: (await response.json()) as Json };
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...POSTS), fc.oneof(mutated, json), async (path, body) => {
        const { status, answer } = await ask("POST", path, body);
        expect(status === 501 || status < 500, `${status} ${JSON.stringify(answer)}`).toBe(true);
        if (status >= 400) expect(answer).toMatchObject({ error: expect.any(String), code: expect.any(String) });
      }),
      { numRuns: 250 },
    );
    let current: unknown = (await hms.get<{ agent: Json }>(`/agents/${agent["id"]}`)).agent;
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, json), async (body) => {
        const { status, answer } = await ask("PATCH", `/agents/${agent["id"]}`, body);
        const after = (await hms.get<{ agent: Json }>(`/agents/${agent["id"]}`)).agent;
        expect(status, JSON.stringify(answer)).toBeLessThan(500);
        expect(after).toEqual(status < 400 ? answer["agent"] : current);
        current = after;
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});
