import type { Denoiser, Embedder, SpeechToText, TextToSpeech, VoiceActivity } from "@earshot/engine";
import { RemoteDenoiser } from "./denoising/remote-denoiser.ts";
import { RemoteEmbedder } from "./embedding/remote-embedder.ts";
import { WorkerLine } from "./lines/worker-line.ts";
import { FLITE_VOICES } from "./speaking/flite-voices.ts";
import { RemoteTextToSpeech } from "./speaking/remote-text-to-speech.ts";
import { RequestClient } from "./speaking/request-client.ts";
import { SCRIPTED_SPEAKER } from "./speaking/scripted-speaker.ts";
import type { ControlMessage, SpeechBundle } from "./speech-bundle.ts";
import { RemoteSpeechToText } from "./speech-to-text/remote-speech-to-text.ts";
import { SCRIPTED_RECOGNISER } from "./speech-to-text/scripted-recogniser.ts";
import { RemoteVoiceActivity } from "./voice-activity/remote-voice-activity.ts";

/** The speech models as this thread sees them. */
export interface SpeechConnection {
  readonly voiceActivity: VoiceActivity;
  readonly speechToText: SpeechToText;
  readonly textToSpeech: TextToSpeech;
  /** For people's ears only: "light" costs 2 % of a core a call, "strong" 9 %. Push a minute ahead at most. */
  readonly denoisers: { readonly light: Denoiser; readonly strong: Denoiser };
  readonly embedder: Embedder;
  /** The operator's own models from the models folder. */
  readonly local: { readonly speechToText: readonly SpeechToText[]; readonly textToSpeech: readonly TextToSpeech[] };
  /** What is under way fails. Idempotent. */
  close(): void;
}

/**
 * An operator's voice gives a sentence as a whole, one after the other for all calls: on a busy machine it needs this
 * long without having failed. The caller hears that somebody is there meanwhile.
 */
const LOCAL_AUDIO_LIMIT_MS = 4_000;

const EMBEDDED = { ears: "embedded/moonshine-base", voice: "embedded/flite" };
const SCRIPTED = { ears: SCRIPTED_RECOGNISER.name, voice: SCRIPTED_SPEAKER.name };

/** Takes a bundle from `SpeechHost.connect()`, in any thread, once. */
export function connectSpeech(bundle: SpeechBundle): SpeechConnection {
  const { control, lines, localModels, isScripted } = bundle;
  const voiceActivity = new WorkerLine(lines.voiceActivity);
  const speechToText = new WorkerLine(lines.speechToText);
  const voice = new WorkerLine(lines.voice);
  const byRole = { voiceActivity, speechToText, voice };
  control.on("message", (message: ControlMessage) => {
    const line = byRole[message.role];
    if (message.type === "line") line.connect(message.port);
    else line.abandon(message.reason);
  });
  control.unref();

  const requests = new RequestClient(voice);
  const names = isScripted ? SCRIPTED : EMBEDDED;
  return {
    voiceActivity: new RemoteVoiceActivity(voiceActivity),
    speechToText: new RemoteSpeechToText({ line: speechToText, name: names.ears, languages: ["en"] }),
    textToSpeech: new RemoteTextToSpeech({ requests, name: names.voice, voices: FLITE_VOICES }),
    denoisers: {
      light: new RemoteDenoiser(voice, "embedded/rnnoise"),
      strong: new RemoteDenoiser(voice, "embedded/gtcrn"),
    },
    embedder: new RemoteEmbedder(requests),
    local: {
      speechToText: localModels
        .filter((model) => model.kind === "speech-to-text")
        .map(({ name }) => new RemoteSpeechToText({ line: speechToText, name })),
      textToSpeech: localModels
        .filter((model) => model.kind === "text-to-speech")
        .map(
          ({ name, voices = [] }) =>
            new RemoteTextToSpeech({ requests, name, voices, audioLimitMs: LOCAL_AUDIO_LIMIT_MS }),
        ),
    },
    close: () => {
      control.close();
      for (const line of Object.values(byRole)) line.close();
    },
  };
}
