import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageOf, PageQuery } from "./page.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type TestSuite = components["schemas"]["TestSuite"];
export type NewTestSuite = requests["schemas"]["NewTestSuite"];
export type TestSuitePatch = requests["schemas"]["TestSuitePatch"];
/** How an agent did, case by case. */
export type TestRun = components["schemas"]["TestRun"];

/** Conversations that agents must get right. */
export class TestSuites extends Resource<{ item: TestSuite; create: NewTestSuite; update: TestSuitePatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/test-suites");
  }

  /** Has all its cases tried. Servers that can't yet throw ServerError `not_supported`. */
  run(suiteId: string, options: RequestOptions = {}): Promise<TestRun> {
    return this.post(this.pathOf(suiteId, "runs"), undefined, options);
  }

  /** Its runs, newest first. */
  runs(suiteId: string, query: PageQuery = {}, options: RequestOptions = {}): PageOf<TestRun> {
    return this.pageOf(this.pathOf(suiteId, "runs"), query, options);
  }
}
