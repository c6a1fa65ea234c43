export { findLocalModels } from "./find-local-models.ts";
export type { LocalModel, LocalModelFamily } from "./local-model.ts";
export { scanModels } from "./scan-models.ts";
