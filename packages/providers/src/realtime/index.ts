export { type FoundRealtimeModel, findRealtimeModels, RealtimeConfigError } from "./find-realtime-models.ts";
