export type AudioDevice = { readonly deviceId: string; readonly label: string };

/** Microphones and loudspeakers. Their names are empty before the page has been allowed a microphone once. */
export async function listAudioDevices(): Promise<{
  readonly microphones: readonly AudioDevice[];
  /** Empty where the browser doesn't let a page choose. */
  readonly speakers: readonly AudioDevice[];
}> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const canChooseSpeaker = "setSinkId" in AudioContext.prototype;
  const of = (kind: MediaDeviceKind) =>
    devices.flatMap((device) => (device.kind === kind ? [{ deviceId: device.deviceId, label: device.label }] : []));
  return { microphones: of("audioinput"), speakers: canChooseSpeaker ? of("audiooutput") : [] };
}
