import type { Voice } from "@earshot/engine";

/** Flite's voices that speak at 16 kHz. */
export const FLITE_VOICES: readonly Voice[] = [
  { id: "flite:rms", name: "Rms", language: "en-US", gender: "male", description: "Calm American man" },
  { id: "flite:slt", name: "Slt", language: "en-US", gender: "female", description: "Friendly American woman" },
  { id: "flite:awb", name: "Awb", language: "en-GB", gender: "male", description: "Scottish man" },
  { id: "flite:kal16", name: "Kal", language: "en-US", gender: "male", description: "American man, robotic and quick" },
];
