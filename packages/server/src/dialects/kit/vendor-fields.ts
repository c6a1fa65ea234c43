/** Two-way codecs between a vendor's object and ours, field by field. */
import { isDeepStrictEqual } from "node:util";

export type VendorObject = Readonly<Record<string, unknown>>;

/** One field of a vendor's object. What it doesn't touch stays as it is. */
export type VendorField<Settings> = {
  /** The vendor's value of our settings. */
  readonly read: (settings: Settings) => unknown;
  /** Our settings with the vendor's value in them; the value has passed the vendor's own validation. */
  readonly write: (value: never, settings: Settings) => Settings;
};

export type VendorFields<Settings> = Readonly<Record<string, VendorField<Settings>>>;

/** Our settings, with what a client sent written over them, field by field in the order of the codec. */
export function fromVendor<Settings>(fields: VendorFields<Settings>, sent: VendorObject, base: Settings): Settings {
  let settings = base;
  for (const [name, field] of Object.entries(fields))
    if (sent[name] !== undefined) settings = field.write(sent[name] as never, settings);
  return settings;
}

/**
 * A vendor's object of our settings. A field that a client sent is given back as it was as long as it still means what our
 * settings say; fields that we don't know are given back always.
 */
export function toVendor<Settings>(
  fields: VendorFields<Settings>,
  settings: Settings,
  sent: VendorObject,
): VendorObject {
  const shown: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const kept = sent[name];
    shown[name] = kept !== undefined && isStillTrue(field, kept, settings) ? kept : field.read(settings);
  }
  for (const [name, value] of Object.entries(sent)) if (!(name in fields)) shown[name] = value;
  return shown;
}

function isStillTrue<Settings>(field: VendorField<Settings>, kept: unknown, settings: Settings): boolean {
  return isSame(field.write(kept as never, settings) as VendorObject, settings as VendorObject);
}

/** A field writes few settings and leaves the others as they are: those needn't be looked into. */
function isSame(written: VendorObject, settings: VendorObject): boolean {
  for (const name in written)
    if (written[name] !== settings[name] && !isDeepStrictEqual(written[name], settings[name])) return false;
  for (const name in settings) if (settings[name] !== undefined && written[name] === undefined) return false;
  return true;
}
