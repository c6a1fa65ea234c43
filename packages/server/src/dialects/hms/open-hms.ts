import { type DialectApp, type DialectDeps, openDialect } from "../kit/open-dialect.ts";
import { addAgents } from "./agents.ts";
import { addAnalysisTemplates } from "./analysis-templates.ts";
import { areaOf } from "./area-of.ts";
import { addByok } from "./byok.ts";
import { addCallControl } from "./call-control.ts";
import { addCalls } from "./calls.ts";
import { addCampaigns } from "./campaigns.ts";
import { addChats } from "./chats.ts";
import { addDomains } from "./domains.ts";
import { showError } from "./errors.ts";
import { addHealth } from "./health.ts";
import { addMcpServers } from "./mcp-servers.ts";
import { addNumbers } from "./numbers.ts";
import { addOrganizations } from "./organizations.ts";
import { addOutboundCalls } from "./outbound-calls.ts";
import { addSipTrunks } from "./sip-trunks.ts";
import { addToolTemplates } from "./tool-templates.ts";
import { addUsage } from "./usage.ts";
import { addVoices } from "./voices.ts";
import { addWebCalls } from "./web-calls.ts";
import { addWorkflows } from "./workflows.ts";

/** HMS Sovereign's API, which its clients reach at the base URL `…/hms/api/v1`. */
export function openHms(deps: DialectDeps): DialectApp {
  return openDialect(
    deps,
    {
      showError,
      workspaceHeader: "X-Organization-Id",
      isPublic: (path) => path === "/hms/api/v1/health",
      areaOf,
    },
    (app) => {
      addAgents(app, deps);
      addCalls(app, deps);
      addOutboundCalls(app, deps);
      addCallControl(app, deps);
      addWebCalls(app, deps);
      addAnalysisTemplates(app, deps);
      addByok(app, deps);
      addCampaigns(app, deps);
      addChats(app, deps);
      addDomains(app, deps);
      addHealth(app, deps);
      addMcpServers(app, deps);
      addNumbers(app, deps);
      addOrganizations(app, deps);
      addSipTrunks(app, deps);
      addToolTemplates(app, deps);
      addUsage(app, deps);
      addVoices(app, deps);
      addWorkflows(app, deps);
    },
  );
}
