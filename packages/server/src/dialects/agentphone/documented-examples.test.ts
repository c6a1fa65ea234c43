/** Requests and answers of the documentation, in an order in which they work. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import examples from "./fixtures/documented-examples.json" with { type: "json" };
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";

type Example = {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Names for parts of the answer, for later examples. */
  readonly capture?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly answer: unknown;
};

describeOnEachDatabase("the documented examples of AgentPhone", (database) => {
  let server: AgentPhoneServer;
  const captured = new Map<string, string>();
  beforeAll(async () => {
    server = await startAgentPhone(database());
  });
  afterAll(() => server.close());

  /** "{name}": what was captured. */
  const fill = <Value>(value: Value): Value =>
    JSON.parse(
      JSON.stringify(value ?? null).replaceAll(/\{(\w+)\}/g, (whole, name: string) => captured.get(name) ?? whole),
    );

  test.each(examples as readonly Example[])("$title", async ({ method, path, body, capture = {}, status, answer }) => {
    const given = await server.send(method, fill(path), body === undefined ? undefined : fill(body));
    for (const [name, field] of Object.entries(capture)) captured.set(name, given.body[field]);
    expect(given.status).toBe(status);
    expect(given.body).toEqual(toMatcher(fill(answer)));
  });
});

/** "<time>" is any moment, "<text>" any text that isn't empty. */
function toMatcher(value: unknown): unknown {
  if (value === "<time>") return expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  if (value === "<text>") return expect.stringMatching(/./);
  if (Array.isArray(value)) return value.map(toMatcher);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toMatcher(inner)]));
}
