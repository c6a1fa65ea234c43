import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function MicrophoneIcon() {
  return (
    <Icon>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
    </Icon>
  );
}

export function MutedIcon() {
  return (
    <Icon>
      <path d="M9 9v2a3 3 0 0 0 4.6 2.5M15 10V6a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10 5.5M18.3 13a6.5 6.5 0 0 0 .2-1.5M12 18v3M4 4l16 16" />
    </Icon>
  );
}

export function KeypadIcon() {
  return (
    <Icon>
      <path d="M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01" strokeWidth="3" />
    </Icon>
  );
}

export function HangUpIcon() {
  return (
    <Icon>
      <path d="M3.5 14.6c-.8-1-.7-2.300.2-3.200 4.700-4.500 11.900-4.500 16.600 0 .9.9 1 2.200.2 3.200l-.8 1a1.200 1.200 0 0 1-1.400.3l-2.500-1.100a1.200 1.200 0 0 1-.7-1.200l.1-1.600a9.800 9.800 0 0 0-6.400 0l.1 1.600c0 .5-.2 1-.7 1.200l-2.500 1.100a1.200 1.200 0 0 1-1.400-.3z" />
    </Icon>
  );
}

export function BackIcon() {
  return (
    <Icon>
      <path d="M14.500 6 8.500 12l6 6" />
    </Icon>
  );
}

export function Wordmark() {
  return (
    <span className="wordmark">
      <svg className="wordmark-sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M4 10v4M9 6v12M14 9v6M19 11v2" />
      </svg>
      Earshot
    </span>
  );
}
