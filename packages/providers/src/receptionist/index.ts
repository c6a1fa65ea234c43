export { collectedValues } from "./collected-values.ts";
export { RECEPTIONIST_NAME, type ReceptionistOptions, receptionist } from "./receptionist.ts";
