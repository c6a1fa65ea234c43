import { MediaThread } from "@earshot/telephony";
import { PhoneLines, type PhoneLinesOptions } from "./phone-lines.ts";

/** The lines of a call thread, with a media thread of their own. */
export function openPhoneLines(
  media: ConstructorParameters<typeof MediaThread>[0],
  options: Omit<PhoneLinesOptions, "startMedia">,
): PhoneLines {
  return new PhoneLines({ ...options, startMedia: () => new MediaThread(media) });
}
