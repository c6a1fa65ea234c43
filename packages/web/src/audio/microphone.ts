export type MicrophoneProblem =
  | "insecure-origin"
  | "unsupported"
  | "denied"
  | "no-device"
  | "busy"
  | "no-sound-modules"
  | "no-output"
  | "failed";

/** The microphone can't be used; `title` and `fix` are sentences for its owner. */
export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;
  readonly title: string;
  readonly fix: string;

  constructor(problem: MicrophoneProblem, options: ErrorOptions = {}) {
    const { title, fix } = WORDS[problem];
    super(`${title} ${fix}`, options);
    this.name = "MicrophoneError";
    this.problem = problem;
    this.title = title;
    this.fix = fix;
  }
}

const WORDS: Readonly<Record<MicrophoneProblem, { title: string; fix: string }>> = {
  "insecure-origin": {
    title: "Your browser keeps the microphone from this address.",
    fix: "Open the page over https, or as http://localhost on the machine that runs Earshot.",
  },
  unsupported: {
    title: "This browser can't record sound.",
    fix: "Use a current version of Chrome, Edge, Firefox or Safari.",
  },
  denied: {
    title: "The microphone is blocked for this page.",
    fix: "Allow it in the site settings next to the address bar, then talk again.",
  },
  "no-device": {
    title: "No microphone was found.",
    fix: "Plug one in, or switch it on in your system's sound settings, then talk again.",
  },
  busy: {
    title: "The microphone could not be opened.",
    fix: "Another program may be using it. Close that program, then talk again.",
  },
  "no-sound-modules": {
    title: "The page's sound modules could not be loaded.",
    fix: "Check that the Earshot server is running, then reload the page.",
  },
  "no-output": {
    title: "No loudspeaker could be started.",
    fix: "Plug one in, or choose one in your system's sound settings, then talk again.",
  },
  failed: { title: "The microphone could not be started.", fix: "Reload the page and talk again." },
};

const PROBLEM_OF_EXCEPTION: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no-device",
  OverconstrainedError: "no-device",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** What an exception of getUserMedia means to a person. */
export function toMicrophoneError(cause: unknown): MicrophoneError {
  if (cause instanceof MicrophoneError) return cause;
  const name = cause instanceof Error ? cause.name : "";
  return new MicrophoneError(PROBLEM_OF_EXCEPTION[name] ?? "failed", { cause });
}

/** Asks for the microphone; the browser asks the person. Without an id the browser chooses. Throws MicrophoneError. */
export async function openMicrophone(deviceId?: string): Promise<MediaStream> {
  if (!globalThis.isSecureContext) throw new MicrophoneError("insecure-origin");
  if (navigator.mediaDevices === undefined || globalThis.AudioWorkletNode === undefined)
    throw new MicrophoneError("unsupported");
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
  const wanted = deviceId === undefined ? audio : { ...audio, deviceId: { exact: deviceId } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: wanted });
  } catch (cause) {
    throw toMicrophoneError(cause);
  }
}

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
