import { useEffect } from "react";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** A phone's keys; the keyboard's work as well while it is open. */
export function Keypad({ onDigit, isEnabled }: { onDigit: (digit: string) => void; isEnabled: boolean }) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isDigit = (DIGITS as readonly string[]).includes(event.key);
      if (isEnabled && isDigit && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey)
        onDigit(event.key);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [onDigit, isEnabled]);
  return (
    <fieldset className="keypad" disabled={!isEnabled}>
      <legend className="visually-hidden">Keypad</legend>
      {DIGITS.map((digit) => (
        <button key={digit} type="button" aria-label={digitName(digit)} onClick={() => onDigit(digit)}>
          {digit}
        </button>
      ))}
    </fieldset>
  );
}

function digitName(digit: string): string {
  if (digit === "*") return "Star";
  return digit === "#" ? "Hash" : digit;
}
