import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Resource, ResourceKind, Resources } from "../documents/resource.ts";
import { type JsonObject, resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import type { Page, PageRequest } from "../page.ts";
import type { testSuiteKind } from "./test-suite.ts";

export const testRunKind = {
  name: "test_run",
  idPrefix: "run",
  title: "test run",
  whole: ["sent"],
  shape: z.strictObject({
    agentId: z.string(),
    status: z.enum(["queued", "running", "completed", "failed"]),
    passed: z.number().int().min(0),
    total: z.number().int().min(0),
    cases: z.array(
      z.strictObject({
        id: z.string(),
        hasPassed: z.boolean(),
        latencyMs: z.number().optional(),
        failures: z.array(z.string()),
      }),
    ),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const testRunShapes = resourceShapes(testRunKind, {
  name: "TestRun",
  description: "How an agent did in a test suite.",
  output: { suiteId: z.string() },
});

export type TestRun = Resource<z.output<typeof testRunKind.shape>>;
type Deps = {
  readonly testSuites: Resources<typeof testSuiteKind.shape>;
  readonly testRuns: Resources<typeof testRunKind.shape>;
};

export function toPublicTestRun({ parentId, ...shown }: TestRun): JsonObject {
  return toShown({ ...shown, suiteId: parentId });
}

/** Newest first. @throws AppError `not_found` for the suite */
export async function listTestRuns(
  { testSuites, testRuns }: Deps,
  workspaceId: string,
  { suiteId, ...request }: PageRequest & { readonly suiteId: string },
): Promise<Page<TestRun>> {
  await testSuites.read(workspaceId, suiteId);
  return testRuns.page(workspaceId, { ...request, parentId: suiteId });
}

/** @throws AppError `not_found`; `not_supported`: this server doesn't run test suites yet */
export async function startTestRun(
  { testSuites }: Pick<Deps, "testSuites">,
  workspaceId: string,
  suiteId: string,
): Promise<never> {
  await testSuites.read(workspaceId, suiteId);
  throw new AppError("not_supported", "this server stores test suites but doesn't run them yet");
}
