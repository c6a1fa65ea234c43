/** What the fake server has of each noun that needs no more than an answer, by route. */
const NUMBER = { id: "num_1", phoneNumber: "+12125550170", source: "local", status: "active", agentId: "agt_1" };
const TO = "+12125550171";
const MESSAGE = {
  id: "msg_1",
  from: NUMBER.phoneNumber,
  to: TO,
  body: "Two loaves,\nplease.",
  mediaUrls: [],
  status: "delivered",
  createdAt: "2026-01-02T03:04:05.678Z",
};
const CONVERSATION = { id: "conv_1", phoneNumber: TO, participant: NUMBER.phoneNumber, messageCount: 1 };
const CAMPAIGN = { id: "cmp_1", name: "Spring", status: "draft", totalLeads: 2, completedLeads: 1, failedLeads: 0 };
const TRANSCRIPT = { id: "tr_1", status: "completed", text: "hello there", durationMs: 1000, createdAt: "2026-01-02" };
const USED = { calls: 3, callMs: 90_000, messages: 4 };
const OPT_OUT = { phoneNumber: NUMBER.phoneNumber, recipient: TO, word: "STOP", createdAt: "2026-01-02" };
const TOOL = { kind: "webhook", name: "book_table" };

export const NOUN_ANSWERS: Readonly<Record<string, object>> = {
  "GET /v1/phone-numbers": { data: [{ ...NUMBER, id: "num_0", status: "released" }, NUMBER] },
  "PATCH /v1/phone-numbers/num_1": NUMBER,
  "DELETE /v1/phone-numbers/num_1": NUMBER,
  "POST /v1/messages": MESSAGE,
  "GET /v1/messages": { data: [MESSAGE], hasMore: true },
  "POST /v1/messages/msg_1/reactions": { id: "rct_1", reaction: "👍" },
  "GET /v1/opt-outs": { data: [OPT_OUT] },
  "POST /v1/opt-outs": OPT_OUT,
  "POST /v1/calls/call_1/recording/link": { url: "https://earshot.test/r?signature=x", expiresAt: "2026-01-02" },
  "POST /v1/conversations": CONVERSATION,
  "GET /v1/conversations": { data: [{ ...CONVERSATION, lastMessagePreview: MESSAGE.body }] },
  "GET /v1/conversations/conv_1": { ...CONVERSATION, messages: [{ ...MESSAGE, body: "Thanks." }, MESSAGE] },
  "GET /v1/conversations/conv_1/messages": { data: [MESSAGE], hasMore: false },
  "GET /v1/contacts": { data: [{ id: "con_1", name: "Bo", phoneNumber: TO, email: "bo@example.com" }] },
  "GET /v1/campaigns": { data: [CAMPAIGN] },
  "POST /v1/campaigns/cmp_1/pause": { ...CAMPAIGN, status: "paused" },
  "GET /v1/campaigns/cmp_1/leads": { data: [{ id: "lead_1", phoneNumber: TO, status: "pending", attempts: 0 }] },
  "POST /v1/campaigns/cmp_1/leads": { id: "lead_2" },
  "GET /v1/workflows": { data: [{ id: "wfl_1", name: "Orders", description: "Cakes", definition: { nodes: [{}] } }] },
  "GET /v1/tool-templates": { data: [{ id: "ttpl_1", name: "Book", description: "", tool: TOOL }] },
  "GET /v1/analysis-templates": { data: [{ id: "atpl_1", name: "Mood", description: "Well?", isDefault: true }] },
  "GET /v1/mcp-servers": { data: [{ id: "mcp_1", name: "Shop", url: "https://shop.test/mcp", transport: "sse" }] },
  "GET /v1/knowledge-bases": { data: [{ id: "kb_1", name: "House", description: "Rules", language: "en-US" }] },
  "POST /v1/knowledge-bases/kb_1/search": { data: [{ chunkId: "kdoc_1-0", text: "We open at nine." }] },
  "GET /v1/knowledge-documents": {
    data: [{ id: "kdoc_1", name: "Menu", status: "pending", progress: 0.5, chunks: 3, source: "text" }],
  },
  "POST /v1/knowledge-documents": { id: "kdoc_2", name: "Page", status: "pending" },
  "GET /v1/public-keys": {
    data: [{ id: "pub_1", name: "Website", agentId: "agt_1", allowedOrigins: ["https://www.example.com"] }],
  },
  "GET /v1/sip-trunks": { data: [{ id: "trk_1", name: "Line", host: "sip.test", port: 5060, transport: "tls" }] },
  "GET /v1/secrets": { data: [{ id: "sec_1", provider: "openai", name: "main", lastCharacters: "9xyz" }] },
  "GET /v1/test-suites": { data: [{ id: "suite_1", name: "Basics", description: "", cases: [{}, {}] }] },
  "POST /v1/test-suites/suite_1/runs": { id: "run_1", status: "queued" },
  "GET /v1/test-suites/suite_1/runs": { data: [{ id: "run_1", status: "completed", passed: 1, total: 2 }] },
  "GET /v1/experiments": {
    data: [{ id: "exp_1", name: "Voices", status: "draft", controlAgentId: "agt_1", variants: [{ name: "warm" }] }],
  },
  "POST /v1/experiments/exp_1/stop": { id: "exp_1", status: "stopped" },
  "POST /v1/transcripts": TRANSCRIPT,
  "GET /v1/transcripts": { data: [TRANSCRIPT] },
  "GET /v1/usage": { calls: { total: 3 } },
  "GET /v1/usage/daily": { data: [{ period: "2026-01-02", ...USED }] },
  "GET /v1/usage/monthly": { data: [{ period: "2026-01", ...USED }] },
  "GET /v1/usage/by-number": { data: [{ phoneNumber: TO, agentName: "Night desk", ...USED }] },
  "GET /v1/usage/by-agent": { data: [{ agentName: "Night desk", ...USED }] },
};
