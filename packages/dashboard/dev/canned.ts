import type { Agent, Model } from "@earshot/sdk";
import type { Script } from "./fake-call.ts";

export const AGENTS: readonly Pick<Agent, "id" | "name" | "prompt" | "notes">[] = [
  {
    id: "agt_dental",
    name: "Riverside Dental",
    prompt: "You answer the phone of Riverside Dental, a practice with two dentists. Be warm and brief.",
    notes: [
      "The practice is open Monday to Friday from 8:30 to 17:00, and on Saturday until noon.",
      "A check-up costs 60 euros and takes thirty minutes.",
      "Parking is free behind the house.",
    ],
  },
  {
    id: "agt_hotel",
    name: "Harbour Hotel",
    prompt: "You are the night porter of the Harbour Hotel. Answer questions about rooms, breakfast and the way here.",
    notes: ["Breakfast is served from seven to ten.", "Check-in starts at three in the afternoon."],
  },
  {
    id: "agt_message",
    name: "Message taker",
    prompt: "You take messages for a small workshop: name, phone number and what it is about.",
    notes: ["Somebody calls back within one working day."],
  },
];

export const MODELS: readonly Model[] = [
  {
    name: "embedded/moonshine-base",
    kind: "speech-to-text",
    isDefault: true,
    reason: "Built in; no other is configured.",
  },
  { name: "builtin/receptionist", kind: "language-model", isDefault: true, reason: "No language model is configured." },
  { name: "embedded/flite", kind: "text-to-speech", isDefault: true, reason: "Built in; no voices are in models/." },
  { name: "embedded/silero-v6", kind: "voice-activity", isDefault: true, reason: "Built in." },
];

export const SCRIPT: Script = {
  greeting: "Riverside Dental, good morning. How can I help you?",
  turns: [
    {
      heard: "When are you open on Saturday?",
      said: "On Saturday we are open until noon. From Monday to Friday we are here from half past eight in the morning until five in the afternoon. Would you like an appointment?",
    },
    {
      heard: "Wait, how much is a check-up?",
      said: "A check-up costs sixty euros and takes about thirty minutes.",
    },
    { heard: "Thank you, that is all.", said: "You are welcome. Have a good day." },
  ],
};
