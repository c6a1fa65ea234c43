/** `speech_config`: when to speak, how words are said, and what is said to a silent caller. Seconds there, ms here. */
import { z } from "zod";
import { type AgentSettings, newAgentShape } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorField } from "../kit/vendor-fields.ts";

const spoken = storableText({ max: 1000 });
const seconds = (min: number, max: number) => z.number().min(min).max(max);

export const speechConfigShape = z.looseObject({
  turn_taking: z
    .looseObject({
      endpointing_min_delay: seconds(0, 10).default(0.4),
      endpointing_max_delay: seconds(0, 30).default(2),
      interruption_min_duration: seconds(0, 5).default(0.3),
      interruption_min_words: z.number().int().min(0).max(20).default(0),
      false_interruption_timeout: seconds(0, 30).nullable().default(1.5),
    })
    .refine(({ endpointing_min_delay: min, endpointing_max_delay: max }) => min <= max, {
      message: "must not be less than endpointing_min_delay",
      path: ["endpointing_max_delay"],
    })
    .nullish(),
  pronunciation: z
    .array(z.looseObject({ from: storableText({ min: 1, max: 100 }), to: storableText({ min: 1, max: 200 }) }))
    .max(50)
    .nullish(),
  background_audio: z
    .looseObject({
      clip: z.enum(["office", "city", "forest", "crowded_room"]),
      volume: z.number().min(0).max(1).default(0.3),
    })
    .nullish(),
  silence: z
    .looseObject({
      messages: z.array(spoken).max(5).nullish(),
      final_message: spoken.nullish(),
      first_check_seconds: seconds(1, 3600).default(3),
      interval_seconds: seconds(1, 3600).default(12),
      max_attempts: z.number().int().min(0).max(10).default(3),
    })
    .nullish(),
  end_call_message: spoken.nullish(),
  first_message_outbound: spoken.nullish(),
});

type SpeechConfig = z.output<typeof speechConfigShape>;

const DEFAULTS = newAgentShape.pick({ turnTaking: true, silence: true, ambientSound: true }).parse({});

export const speechConfigField: VendorField<AgentSettings> = {
  read: toSpeechConfig,
  write: (config: SpeechConfig | null, settings) => fromSpeechConfig(config ?? {}, settings),
};

function toSpeechConfig({
  turnTaking,
  pronunciations,
  ambientSound,
  silence,
  endMessage,
  outboundGreeting,
}: AgentSettings): object {
  const { endOfTurnMinMs, endOfTurnMaxMs, bargeIn, falseInterruptionMs } = turnTaking;
  return {
    turn_taking: {
      endpointing_min_delay: endOfTurnMinMs / 1000,
      endpointing_max_delay: endOfTurnMaxMs / 1000,
      interruption_min_duration: bargeIn.minSpeechMs / 1000,
      interruption_min_words: bargeIn.minWords,
      false_interruption_timeout: falseInterruptionMs === undefined ? null : falseInterruptionMs / 1000,
    },
    pronunciation: pronunciations,
    background_audio: toBackground(ambientSound),
    silence: {
      messages: [silence.reminder],
      final_message: silence.goodbye,
      first_check_seconds: silence.remindAfterMs / 1000,
      interval_seconds: silence.remindAfterMs / 1000,
      max_attempts: silence.maxReminders,
    },
    end_call_message: endMessage ?? null,
    first_message_outbound: outboundGreeting ?? null,
  };
}

/** Parts that are left out become the defaults again, as the whole block is replaced. */
function fromSpeechConfig(config: SpeechConfig, settings: AgentSettings): AgentSettings {
  const { endMessage: _, outboundGreeting: __, ...rest } = settings;
  const { turn_taking: turns, silence, background_audio: background } = config;
  const endMessage = config.end_call_message ?? undefined;
  const outboundGreeting = config.first_message_outbound ?? undefined;
  return {
    ...rest,
    ...(endMessage === undefined ? {} : { endMessage }),
    ...(outboundGreeting === undefined ? {} : { outboundGreeting }),
    turnTaking: toTurnTaking(turns, settings.turnTaking),
    pronunciations: (config.pronunciation ?? []).map(({ from, to }) => ({ from, to })),
    ambientSound:
      background === undefined || background === null
        ? DEFAULTS.ambientSound
        : { clip: background.clip === "crowded_room" ? "crowded-room" : background.clip, volume: background.volume },
    silence: {
      ...settings.silence,
      reminder: silence?.messages?.[0] ?? DEFAULTS.silence.reminder,
      goodbye: silence?.final_message ?? DEFAULTS.silence.goodbye,
      remindAfterMs: silence ? toMs(silence.first_check_seconds) : DEFAULTS.silence.remindAfterMs,
      maxReminders: silence?.max_attempts ?? DEFAULTS.silence.maxReminders,
    },
  };
}

function toTurnTaking(
  turns: SpeechConfig["turn_taking"],
  current: AgentSettings["turnTaking"],
): AgentSettings["turnTaking"] {
  const { falseInterruptionMs: _, ...rest } = current;
  if (turns === undefined || turns === null) {
    const { endOfTurnMinMs, endOfTurnMaxMs, bargeIn } = DEFAULTS.turnTaking;
    return { ...rest, endOfTurnMinMs, endOfTurnMaxMs, bargeIn: { ...bargeIn, isEnabled: current.bargeIn.isEnabled } };
  }
  const timeout = turns.false_interruption_timeout;
  return {
    ...rest,
    endOfTurnMinMs: toMs(turns.endpointing_min_delay),
    endOfTurnMaxMs: toMs(turns.endpointing_max_delay),
    bargeIn: {
      ...current.bargeIn,
      minSpeechMs: toMs(turns.interruption_min_duration),
      minWords: turns.interruption_min_words,
    },
    ...(timeout === null ? {} : { falseInterruptionMs: toMs(timeout) }),
  };
}

function toBackground({ clip, volume }: AgentSettings["ambientSound"]): object | null {
  switch (clip) {
    case "none":
      return null;
    case "crowded-room":
      return { clip: "crowded_room", volume };
    case "coffee-shop":
      return { clip: "crowded_room", volume };
    case "outdoor":
      return { clip: "city", volume };
    default:
      return { clip, volume };
  }
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
