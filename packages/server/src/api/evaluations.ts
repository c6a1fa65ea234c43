/** How agents are put to the test: test suites and experiments. */
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { readAgent } from "../agents/read-agent.ts";
import { Resources } from "../documents/resource.ts";
import { toShown, toVerbs } from "../documents/resource-verbs.ts";
import { startExperiment, stopExperiment } from "../experiments/control-experiment.ts";
import { experimentKind, experimentShapes } from "../experiments/experiment.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { listTestRuns, startTestRun, testRunKind, testRunShapes, toPublicTestRun } from "../test-suites/test-run.ts";
import { testSuiteKind, testSuiteShapes } from "../test-suites/test-suite.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { idParams, jsonContent, PROBLEMS } from "./router.ts";

const suiteId = "suite_01k9q0w3e4r5t6y7v8b9n0m1a2";
const experimentId = "exp_01k9q0w3e4r5t6y7v8b9n0m1a2";
const runsPath = "/v1/test-suites/{id}/runs";

const listRuns = createRoute({
  method: "get",
  path: runsPath,
  operationId: "listTestRuns",
  tags: ["test-suites"],
  summary: "List a test suite's runs, newest first",
  request: { params: idParams(suiteId), query: z.object(pageQueryShape) },
  responses: { 200: jsonContent(pageShape(testRunShapes.shownShape, "TestRunPage"), "A page of runs."), ...PROBLEMS },
});

const startRun = createRoute({
  method: "post",
  path: runsPath,
  operationId: "startTestRun",
  tags: ["test-suites"],
  summary: "Run a test suite: not supported yet",
  request: { params: idParams(suiteId) },
  responses: { 201: jsonContent(testRunShapes.shownShape, "The run."), ...PROBLEMS },
});

const control = (verb: "start" | "stop", summary: string) =>
  createRoute({
    method: "post",
    path: `/v1/experiments/{id}/${verb}`,
    operationId: `${verb}Experiment`,
    tags: ["experiments"],
    summary,
    request: { params: idParams(experimentId) },
    responses: { 200: jsonContent(experimentShapes.shownShape, "The experiment."), ...PROBLEMS },
  });

type Deps = Pick<AppDeps, "documents" | "clock" | "agents">;

export function testSuiteRoutes(deps: Deps) {
  const testSuites = new Resources(deps, testSuiteKind);
  const runDeps = { testSuites, testRuns: new Resources(deps, testRunKind) };
  const routes = resourceRoutes({
    path: "/v1/test-suites",
    ...{ name: "TestSuite", plural: "TestSuites", title: "a test suite", titles: "test suites" },
    exampleId: suiteId,
    shapes: testSuiteShapes,
    verbs: toVerbs(testSuites),
  });
  return routes
    .openapi(listRuns, async (c) => {
      const request = { suiteId: c.req.valid("param").id, ...c.req.valid("query") };
      const { data, ...rest } = await listTestRuns(runDeps, c.get("principal").workspaceId, request);
      return c.json({ data: data.map((run) => ({ ...toPublicTestRun(run) })), ...rest }, 200);
    })
    .openapi(startRun, async (c) =>
      c.json(await startTestRun(runDeps, c.get("principal").workspaceId, c.req.valid("param").id), 201),
    );
}

export function experimentRoutes(deps: Deps) {
  const experiments = new Resources(deps, experimentKind);
  const controlDeps = { ...deps, experiments };
  const routes = resourceRoutes({
    path: "/v1/experiments",
    ...{ name: "Experiment", plural: "Experiments", title: "an experiment", titles: "experiments" },
    exampleId: experimentId,
    shapes: experimentShapes,
    verbs: toVerbs(experiments, {
      async check(workspaceId, { controlAgentId }) {
        if (typeof controlAgentId === "string") await readAgent(deps.agents, workspaceId, controlAgentId);
      },
    }),
  });
  return routes
    .openapi(control("start", "Start an experiment: not supported yet"), async (c) =>
      c.json(await startExperiment(controlDeps, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(control("stop", "Stop an experiment"), async (c) => {
      const stopped = await stopExperiment(controlDeps, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.json({ ...toShown(stopped) }, 200);
    });
}
