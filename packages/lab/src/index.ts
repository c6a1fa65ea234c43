export { CannotRehearseError } from "./rehearsal/caller-model.ts";
export { toJsonReport } from "./rehearsal/json-report.ts";
export { toJunitReport } from "./rehearsal/junit-report.ts";
export { type FoundScenario, readScenarios, ScenarioError } from "./rehearsal/read-scenarios.ts";
export { outcomeOf, type Rehearsal, type RehearsedCall } from "./rehearsal/rehearsal.ts";
export { type RehearseOptions, rehearse } from "./rehearsal/rehearse.ts";
export { roundsOf, toGateLine, toProgressLine, toTextReport } from "./rehearsal/text-report.ts";
export { type Scorecard, type ScoreOptions, score } from "./scorecard/score.ts";
export { isAsAimed, toTextCard } from "./scorecard/text-card.ts";
