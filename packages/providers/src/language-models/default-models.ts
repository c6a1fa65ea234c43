/** Where each well-known vendor is, and what we talk to there unless EARSHOT_LLM_MODEL says otherwise. */
export type VendorDefault = {
  readonly vendor: "openai" | "anthropic" | "groq";
  readonly keyVariable: "OPENAI_API_KEY" | "ANTHROPIC_API_KEY" | "GROQ_API_KEY";
  readonly baseUrl: string;
  /** Chosen for a fast first token: small, tool calling, no thinking aloud. */
  readonly model: string;
};

/** In order of preference where several keys are set. */
export const VENDOR_DEFAULTS: readonly VendorDefault[] = [
  {
    vendor: "openai",
    keyVariable: "OPENAI_API_KEY",
    baseUrl: "https://api.openai.com/v1",
    model: "gpt-6-luna",
  },
  {
    vendor: "anthropic",
    keyVariable: "ANTHROPIC_API_KEY",
    baseUrl: "https://api.anthropic.com/v1",
    model: "claude-haiku-5-5",
  },
  {
    vendor: "groq",
    keyVariable: "GROQ_API_KEY",
    baseUrl: "https://api.groq.com/openai/v1",
    model: "openai/gpt-oss-20b",
  },
];

export type LocalServer = {
  /** First part of the model's name: "ollama/llama3.2". */
  readonly vendor: string;
  readonly title: string;
  readonly baseUrl: string;
};

/** Servers that people run beside Earshot, on their usual ports. llama.cpp's own 8080 is Earshot's. */
export const LOCAL_SERVERS: readonly LocalServer[] = [
  { vendor: "ollama", title: "Ollama", baseUrl: "http://127.0.0.1:11434/v1" },
  { vendor: "llama.cpp", title: "llama.cpp", baseUrl: "http://127.0.0.1:8081/v1" },
  { vendor: "lm-studio", title: "LM Studio", baseUrl: "http://127.0.0.1:1234/v1" },
];

/**
 * The least thinking that a hosted model allows, so that the first token comes soon. GPT-5.1 and later call functions
 * over chat completions only with "none", which their largest models refuse. Undefined: leave it to the vendor.
 */
export function leastReasoningEffort(vendor: string, model: string): string | undefined {
  if (vendor === "groq") return model.includes("gpt-oss") ? "low" : undefined;
  if (vendor !== "openai") return undefined;
  if (/astra|-pro\b|codex|6\.1-sol/.test(model)) return undefined;
  if (/^gpt-(5\.\d|[6-9])/.test(model)) return "none";
  return /^gpt-5(-|$)/.test(model) ? "minimal" : undefined;
}
