export * from "./embedded/index.ts";
export * from "./local-models/index.ts";
