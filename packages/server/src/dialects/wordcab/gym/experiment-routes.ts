import { readAgent } from "../../../agents/read-agent.ts";
import { Resources } from "../../../documents/resource.ts";
import { startExperiment, stopExperiment } from "../../../experiments/control-experiment.ts";
import { type Experiment, experimentKind } from "../../../experiments/experiment.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../../kit/open-dialect.ts";
import { fromVendor, toVendor } from "../../kit/vendor-fields.ts";
import { listQuery, toList } from "../list-envelope.ts";
import { toUnixSeconds, toUnixSecondsOrNull } from "../unix-seconds.ts";
import { experimentFields, newExperimentShape } from "./experiment-fields.ts";

export function addExperimentRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  const experiments = new Resources(deps, experimentKind);
  const controls = { experiments, clock: deps.clock };

  app.post(`${prefix}/experiments`, async (c) => {
    const { workspaceId } = c.get("principal");
    const body = await parseBody(c, newExperimentShape);
    const least = { name: body.name, controlAgentId: "agt_0", variants: [{ name: "variant", traffic: 0 }] };
    const settings = fromVendor(experimentFields, body, experiments.parse(least));
    await readAgent(deps.agents, workspaceId, settings.controlAgentId);
    const made = await experiments.create(workspaceId, { ...settings, sent: { wordcab: body } });
    return c.json(show(made), 201);
  });

  app.get(`${prefix}/experiments`, async (c) => {
    const page = await experiments.page(c.get("principal").workspaceId, parseQuery(c, listQuery));
    return c.json(toList(page, show));
  });

  app.get(`${prefix}/experiments/:id`, async (c) =>
    c.json(show(await experiments.read(c.get("principal").workspaceId, c.req.param("id")))),
  );

  app.post(`${prefix}/experiments/:id/start`, (c) =>
    startExperiment(controls, c.get("principal").workspaceId, c.req.param("id")),
  );

  app.post(`${prefix}/experiments/:id/stop`, async (c) =>
    c.json(show(await stopExperiment(controls, c.get("principal").workspaceId, c.req.param("id")))),
  );
}

function show(experiment: Experiment) {
  const { id, status, stoppedAt, createdAt, sent } = experiment;
  return {
    ...toVendor(experimentFields, experiment, sent["wordcab"] ?? {}),
    id,
    object: "experiment",
    status,
    stopped_at: toUnixSecondsOrNull(stoppedAt),
    created: toUnixSeconds(createdAt),
  };
}
