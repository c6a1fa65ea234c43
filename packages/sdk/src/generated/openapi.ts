/** Shapes of the HTTP API. Written by `npm run openapi` from openapi/earshot.json; don't edit. */
export interface components {
  schemas: {
    Greeting: { mode: "static"; text: string } | { mode: "dynamic" } | { mode: "off" };
    VariableDefinition: {
      name: string;
      type: "string" | "number" | "boolean" | "date" | "time" | "email" | "phone";
      description?: string;
      isRequired?: boolean;
    };
    AgentTool: {
      kind: "endCall" | "webhook";
      name: string;
      description: string;
      parameters?: Record<string, unknown>;
      phrases?: string[];
      url?: string;
      timeoutMs?: number;
    };
    Agent: {
      id: string;
      name: string;
      prompt: string;
      notes: string[];
      greeting: components["schemas"]["Greeting"];
      language: string;
      voice: { id: string; speed: number };
      models: { languageModel?: string; speechToText?: string; textToSpeech?: string };
      temperature?: number;
      keyterms: string[];
      variables: components["schemas"]["VariableDefinition"][];
      tools: components["schemas"]["AgentTool"][];
      turnTaking: {
        endOfTurnMinMs: number;
        endOfTurnMaxMs: number;
        bargeIn: { isEnabled: boolean; minSpeechMs: number };
      };
      silence: { remindAfterMs: number; maxReminders: number; reminder: string; goodbye: string };
      maxDurationMs: number;
      maxDurationGoodbye: string;
      apology: string;
      denoising: "off" | "light" | "strong";
      isRecorded: boolean;
      metadata: Record<string, string>;
      createdAt: string;
      updatedAt: string;
    };
    AgentInput: Partial<Omit<components["schemas"]["Agent"], "id" | "createdAt" | "updatedAt">> & { name: string };
    AgentUpdate: Partial<components["schemas"]["AgentInput"]>;
    CallInput: {
      agentId: string;
      type: "web";
      pace?: "real" | "fast";
      variables?: Record<string, string>;
      metadata?: Record<string, string>;
    };
    TranscriptLine: { role: "caller" | "agent" | "tool"; text: string; atMs: number; wasCutOff?: boolean };
    Turn: { replyId: string; atMs: number; responseMs: number; segments: Record<string, number> };
    Call: {
      id: string;
      agentId: string;
      agentName: string;
      type: "web";
      pace: "real" | "fast";
      status: "created" | "active" | "ended";
      endReason?: string;
      createdAt: string;
      startedAt?: string;
      endedAt?: string;
      durationMs?: number;
      variables: Record<string, string>;
      metadata: Record<string, string>;
      transcript: components["schemas"]["TranscriptLine"][];
      turns: components["schemas"]["Turn"][];
      recordingUrl?: string;
    };
    CreatedCall: components["schemas"]["Call"] & { audioUrl: string; token: string };
    JournalEntry: {
      seq: number;
      atMs: number;
      event: { type: string; atMs: number } & Record<string, unknown>;
      effects: ({ type: string } & Record<string, unknown>)[];
    };
    Voice: {
      id: string;
      name: string;
      language: string;
      gender?: "female" | "male" | "neutral";
      description?: string;
    };
    Model: { name: string; kind: string; isDefault: boolean; reason: string };
    SpeechInput: { text: string; voiceId?: string; speed?: number };
    Transcription: { text: string; durationMs: number; modelMs: number };
  };
}
