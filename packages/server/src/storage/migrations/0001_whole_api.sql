CREATE TABLE "agent_deployments" (
	"agent_id" text NOT NULL,
	"version" integer NOT NULL,
	"revision" integer NOT NULL,
	"note" text,
	"deployed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "agent_deployments_agent_id_version_pk" PRIMARY KEY("agent_id","version")
);
--> statement-breakpoint
CREATE TABLE "phone_numbers" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"phone_number" text NOT NULL,
	"country" text NOT NULL,
	"source" text NOT NULL,
	"status" text NOT NULL,
	"agent_id" text,
	"workflow_id" text,
	"sip_trunk_id" text,
	"document" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"released_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"phone_number" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"notes" text,
	"metadata" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"agent_id" text,
	"phone_number_id" text NOT NULL,
	"phone_number" text NOT NULL,
	"participant" text NOT NULL,
	"is_group" boolean NOT NULL,
	"group_name" text,
	"participants" jsonb NOT NULL,
	"metadata" jsonb,
	"background" jsonb,
	"message_count" integer NOT NULL,
	"last_message_at" timestamp (3) with time zone,
	"last_message_preview" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"phone_number_id" text NOT NULL,
	"agent_id" text,
	"direction" text NOT NULL,
	"from_address" text NOT NULL,
	"to_address" text NOT NULL,
	"body" text NOT NULL,
	"media_urls" jsonb NOT NULL,
	"channel" text NOT NULL,
	"status" text NOT NULL,
	"error" text,
	"reply_to_id" text,
	"reactions" jsonb NOT NULL,
	"sent" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "domain_events" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"type" text NOT NULL,
	"agent_id" text,
	"subject_id" text NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"event_id" text NOT NULL,
	"event_type" text NOT NULL,
	"order_key" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"claimed_until" timestamp (3) with time zone,
	"body" text,
	"request_headers" jsonb,
	"response_status" integer,
	"response_body" text,
	"error" text,
	"duration_ms" integer,
	"history" jsonb NOT NULL,
	"last_attempt_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"agent_id" text,
	"dialect" text NOT NULL,
	"url" text NOT NULL,
	"description" text NOT NULL,
	"sealed_secret" text,
	"events" jsonb NOT NULL,
	"settings" jsonb NOT NULL,
	"is_enabled" boolean NOT NULL,
	"failures" integer NOT NULL,
	"open_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"kind" text NOT NULL,
	"parent_id" text,
	"document" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_records" (
	"workspace_id" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" integer,
	"sealed_answer" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_records_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE TABLE "provider_secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"provider" text NOT NULL,
	"name" text NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"parent_id" text,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
DROP INDEX "agents_by_name";
--> statement-breakpoint
ALTER TABLE "calls" DROP CONSTRAINT "calls_agent_id_agent_version_agent_versions_agent_id_version_fk";
--> statement-breakpoint
ALTER TABLE "agent_versions" DROP CONSTRAINT "agent_versions_agent_id_agents_id_fk";
--> statement-breakpoint
ALTER TABLE "agent_versions" RENAME TO "agent_revisions";
--> statement-breakpoint
ALTER TABLE "agent_revisions" RENAME COLUMN "version" TO "revision";
--> statement-breakpoint
ALTER TABLE "agent_revisions" RENAME CONSTRAINT "agent_versions_agent_id_version_pk" TO "agent_revisions_agent_id_revision_pk";
--> statement-breakpoint
ALTER TABLE "agent_revisions" ADD COLUMN "sent" jsonb NOT NULL DEFAULT '{}';
--> statement-breakpoint
ALTER TABLE "agent_revisions" ALTER COLUMN "sent" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "agents" RENAME COLUMN "version" TO "revision";
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "workspace_id" text NOT NULL DEFAULT 'ws_default';
--> statement-breakpoint
ALTER TABLE "agents" ALTER COLUMN "workspace_id" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "version" integer NOT NULL DEFAULT 0;
--> statement-breakpoint
ALTER TABLE "agents" ALTER COLUMN "version" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "deployed_revision" integer;
--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "deployed_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "workspace_id" text NOT NULL DEFAULT 'ws_default';
--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "workspace_id" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "scopes" jsonb NOT NULL DEFAULT '["*"]';
--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "scopes" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "expires_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "last_used_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "workspace_id" text NOT NULL DEFAULT 'ws_default';
--> statement-breakpoint
ALTER TABLE "calls" ALTER COLUMN "workspace_id" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "calls" ALTER COLUMN "agent_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "calls" RENAME COLUMN "agent_version" TO "agent_revision";
--> statement-breakpoint
ALTER TABLE "calls" ALTER COLUMN "agent_revision" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "agent_version" integer;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "revision_of" text;
--> statement-breakpoint
UPDATE "calls" SET "revision_of" = "agent_id";
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "agent_document" jsonb;
--> statement-breakpoint
ALTER TABLE "calls" RENAME COLUMN "type" TO "direction";
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "error" text;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "from_number" text;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "to_number" text;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "phone_number_id" text;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "peer_call_id" text;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "sent" jsonb NOT NULL DEFAULT '{}';
--> statement-breakpoint
ALTER TABLE "calls" ALTER COLUMN "sent" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "token_expires_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "updated_at" timestamp (3) with time zone NOT NULL DEFAULT now();
--> statement-breakpoint
ALTER TABLE "calls" ALTER COLUMN "updated_at" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "deleted_at" timestamp (3) with time zone;
--> statement-breakpoint
INSERT INTO "workspaces" ("id", "name", "settings", "created_at", "updated_at") VALUES ('ws_default', 'Default', '{}', now(), now());
--> statement-breakpoint
ALTER TABLE "agent_deployments" ADD CONSTRAINT "agent_deployments_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "agent_revisions" ADD CONSTRAINT "agent_revisions_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_revision_of_agent_revision_agent_revisions_agent_id_revision_fk" FOREIGN KEY ("revision_of","agent_revision") REFERENCES "public"."agent_revisions"("agent_id","revision") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_domain_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."domain_events"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "agents_by_workspace" ON "agents" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "agents_by_name" ON "agents" USING btree ("workspace_id",lower("name"));
--> statement-breakpoint
CREATE UNIQUE INDEX "phone_numbers_active" ON "phone_numbers" USING btree ("phone_number") WHERE "phone_numbers"."status" = 'active';
--> statement-breakpoint
CREATE INDEX "phone_numbers_by_workspace" ON "phone_numbers" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "phone_numbers_by_agent" ON "phone_numbers" USING btree ("agent_id") WHERE "phone_numbers"."agent_id" is not null;
--> statement-breakpoint
CREATE INDEX "calls_by_workspace" ON "calls" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "calls_by_number" ON "calls" USING btree ("phone_number_id","id") WHERE "calls"."phone_number_id" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_by_number" ON "contacts" USING btree ("workspace_id","phone_number");
--> statement-breakpoint
CREATE INDEX "contacts_by_workspace" ON "contacts" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_by_parties" ON "conversations" USING btree ("phone_number_id","participant");
--> statement-breakpoint
CREATE INDEX "conversations_by_workspace" ON "conversations" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "conversations_by_agent" ON "conversations" USING btree ("agent_id","id") WHERE "conversations"."agent_id" is not null;
--> statement-breakpoint
CREATE INDEX "messages_by_conversation" ON "messages" USING btree ("conversation_id","id");
--> statement-breakpoint
CREATE INDEX "messages_by_number" ON "messages" USING btree ("phone_number_id","id");
--> statement-breakpoint
CREATE INDEX "messages_by_workspace" ON "messages" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "domain_events_by_workspace" ON "domain_events" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at","id") WHERE "webhook_deliveries"."status" = 'pending';
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_in_order" ON "webhook_deliveries" USING btree ("endpoint_id","order_key","id") WHERE "webhook_deliveries"."status" = 'pending';
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_workspace" ON "webhook_deliveries" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_by_workspace" ON "webhook_endpoints" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_by_agent" ON "webhook_endpoints" USING btree ("agent_id") WHERE "webhook_endpoints"."agent_id" is not null;
--> statement-breakpoint
CREATE INDEX "api_keys_by_workspace" ON "api_keys" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "documents_by_kind" ON "documents" USING btree ("workspace_id","kind","id");
--> statement-breakpoint
CREATE INDEX "documents_by_parent" ON "documents" USING btree ("parent_id","id") WHERE "documents"."parent_id" is not null;
--> statement-breakpoint
CREATE INDEX "idempotency_records_by_age" ON "idempotency_records" USING btree ("created_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "provider_secrets_by_name" ON "provider_secrets" USING btree ("workspace_id","provider","name");
--> statement-breakpoint
CREATE INDEX "workspaces_by_parent" ON "workspaces" USING btree ("parent_id","id");
