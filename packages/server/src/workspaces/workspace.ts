import { z } from "zod";
import { toOutputShape } from "../output-shape.ts";
import { recordingFormatShape } from "../recordings/recording-format.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { callingRulesShape } from "./calling-rules.ts";

/** The one that every installation has: the first key and the page of this server belong to it. */
export const DEFAULT_WORKSPACE_ID = "ws_default";

const fields = {
  name: storableText({ min: 1, max: 200 }),
  retentionDays: z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe("Recordings and transcripts older than this are deleted; absent: the node's setting."),
  recordingFormat: recordingFormatShape
    .optional()
    .describe("Of recordings where the agent names none; absent: the node's."),
  calling: callingRulesShape.optional().describe("Whom agents may call, and how much; a change replaces it whole."),
  metadata: metadataShape.default({}),
};

export const newWorkspaceShape = z.strictObject(fields).meta({ id: "NewWorkspace" });
export const workspacePatchShape = z
  .strictObject({
    ...fields,
    retentionDays: fields.retentionDays.unwrap().nullable(),
    recordingFormat: recordingFormatShape.nullable(),
    calling: callingRulesShape.nullable(),
    metadata: metadataShape,
  })
  .partial()
  .meta({ id: "WorkspacePatch" });

export const workspaceShape = z
  .object({
    id: z.string(),
    parentId: z.string().optional().describe("The workspace that made it; its keys may act in this one."),
    name: z.string(),
    retentionDays: z.number().int().optional(),
    recordingFormat: recordingFormatShape.optional(),
    calling: toOutputShape(callingRulesShape).optional(),
    metadata: metadataShape,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Workspace", description: "A tenant: nothing in it can be seen from another one." });

export type NewWorkspace = z.infer<typeof newWorkspaceShape>;
export type WorkspacePatch = z.infer<typeof workspacePatchShape>;
export type Workspace = Readonly<z.infer<typeof workspaceShape>>;
