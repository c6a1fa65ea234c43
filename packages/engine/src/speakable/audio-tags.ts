/** Finds what is no speech but a direction to the voice: "[laughs]", "*sighs*", `<break time="1s"/>`. */

export type Segment = { readonly kind: "text" | "tag"; readonly text: string };

/** Sounds and manners that a voice is asked for; with their endings: laughs, laughing, laughed. */
const DIRECTIONS =
  "laugh|chuckl|giggl|snicker|sigh|exhal|inhal|breath|gasp|cough|sneez|sniff|sniffl|groan|moan|grunt|yawn|hum|whistl|whisper|shout|scream|yell|cry|sob|swallow|gulp|paus|silence|beat|clap|applaus|sing|smil|excit|sarcastic|curious|mischievous|happ|happily|sad|sadly|angr|calm|serious|nervous|cheerful|warm|soft|quiet|loud|slow|fast|gentl|playful|thoughtful|hesitat|tired|annoy|surpris|relie|confident|clears? (?:his |her |their )?throat|throat clearing|long pause|short pause";
const SSML =
  "speak|break|emphasis|prosody|say-as|phoneme|sub|voice|audio|mark|lang|p|s|w|amazon:[a-z-]+|mstts:[a-z-]+|google:[a-z-]+";

const TAG = new RegExp(
  `<\\/?(?:${SSML})(?:\\s[^<>]{0,300})?\\/?>|\\[(?:${DIRECTIONS})[\\p{L}]{0,8}(?: [\\p{L}]{1,20}){0,3}\\](?!\\()|(?<![\\p{L}\\p{N}*])\\*(?:${DIRECTIONS})[\\p{L}]{0,8}(?: [\\p{L}]{1,20}){0,2}\\*(?!\\*)`,
  "giu",
);

/** The text in pieces, in order; nothing is lost. */
export function splitAudioTags(text: string): Segment[] {
  const segments: Segment[] = [];
  let done = 0;
  for (const match of text.matchAll(TAG)) {
    if (match.index > done) segments.push({ kind: "text", text: text.slice(done, match.index) });
    segments.push({ kind: "tag", text: match[0] });
    done = match.index + match[0].length;
  }
  if (done < text.length) segments.push({ kind: "text", text: text.slice(done) });
  return segments;
}
