import { z } from "zod";
import { readAgent } from "../../../agents/read-agent.ts";
import { Resources } from "../../../documents/resource.ts";
import { listTestRuns, startTestRun, type TestRun, testRunKind } from "../../../test-suites/test-run.ts";
import { type TestSuite, testSuiteKind } from "../../../test-suites/test-suite.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../../kit/open-dialect.ts";
import { fromVendor, toVendor } from "../../kit/vendor-fields.ts";
import { listQuery, toList } from "../list-envelope.ts";
import { toUnixSeconds } from "../unix-seconds.ts";
import { fromVendorId, toVendorId } from "../vendor-ids.ts";
import { overridesShape } from "./overrides.ts";
import { newTestSuiteShape, testSuiteFields } from "./test-suite-fields.ts";

const newRunShape = z.looseObject({ agent_id: z.string().min(1).max(64), overrides: overridesShape.nullish() });

export function addTestSuiteRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  const testSuites = new Resources(deps, testSuiteKind);
  const testRuns = new Resources(deps, testRunKind);

  app.post(`${prefix}/test-suites`, async (c) => {
    const body = await parseBody(c, newTestSuiteShape);
    const settings = fromVendor(testSuiteFields, body, testSuites.parse({ name: body.name }));
    const sent = { wordcab: body };
    return c.json(show(await testSuites.create(c.get("principal").workspaceId, { ...settings, sent })), 201);
  });

  app.get(`${prefix}/test-suites`, async (c) => {
    const page = await testSuites.page(c.get("principal").workspaceId, parseQuery(c, listQuery));
    return c.json(toList(page, show));
  });

  app.get(`${prefix}/test-suites/:id`, async (c) =>
    c.json(show(await testSuites.read(c.get("principal").workspaceId, c.req.param("id")))),
  );

  app.delete(`${prefix}/test-suites/:id`, async (c) => {
    await testSuites.delete(c.get("principal").workspaceId, c.req.param("id"));
    return c.body(null, 204);
  });

  app.get(`${prefix}/test-suites/:id/runs`, async (c) => {
    const request = { ...parseQuery(c, listQuery), suiteId: c.req.param("id") };
    const page = await listTestRuns({ testSuites, testRuns }, c.get("principal").workspaceId, request);
    return c.json(toList(page, showRun));
  });

  app.post(`${prefix}/test-suites/:id/runs`, async (c) => {
    const { workspaceId } = c.get("principal");
    const { agent_id: agentId } = await parseBody(c, newRunShape);
    await readAgent(deps.agents, workspaceId, fromVendorId("agent", agentId));
    return startTestRun({ testSuites }, workspaceId, c.req.param("id"));
  });
}

function show(suite: TestSuite) {
  const { id, createdAt, sent } = suite;
  return {
    ...toVendor(testSuiteFields, suite, sent["wordcab"] ?? {}),
    id,
    object: "test_suite",
    created: toUnixSeconds(createdAt),
  };
}

function showRun({ id, parentId, agentId, status, passed, total, cases, createdAt }: TestRun) {
  return {
    id,
    object: "test_run",
    suite_id: parentId,
    agent_id: toVendorId("agent", agentId),
    status,
    passed,
    total,
    cases: cases.map(({ id: caseId, hasPassed, latencyMs, failures }) => ({
      id: caseId,
      passed: hasPassed,
      latency_ms: latencyMs ?? null,
      failures,
    })),
    created: toUnixSeconds(createdAt),
  };
}
