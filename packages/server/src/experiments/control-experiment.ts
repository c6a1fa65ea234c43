import { AppError } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Experiment, experimentKind } from "./experiment.ts";

type Deps = { readonly experiments: Resources<typeof experimentKind.shape>; readonly clock: WallClock };

/** @throws AppError `not_found`; `not_supported`: this server doesn't run experiments yet */
export async function startExperiment({ experiments }: Deps, workspaceId: string, id: string): Promise<never> {
  await experiments.read(workspaceId, id);
  throw new AppError("not_supported", "this server stores experiments but doesn't run them yet");
}

/** One that has been stopped stays as it is. @throws AppError `not_found` */
export async function stopExperiment(
  { experiments, clock }: Deps,
  workspaceId: string,
  id: string,
): Promise<Experiment> {
  const experiment = await experiments.read(workspaceId, id);
  if (experiment.status === "stopped") return experiment;
  const stoppedAt = clock.now().toISOString();
  return experiments.change(workspaceId, id, (current) => ({ ...current, status: "stopped", stoppedAt }));
}
