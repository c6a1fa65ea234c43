CREATE TABLE "knowledge_chunks" (
	"document_id" text NOT NULL,
	"position" integer NOT NULL,
	"base_id" text NOT NULL,
	"heading" text NOT NULL,
	"text" text NOT NULL,
	"vector" "bytea",
	"words" "tsvector" NOT NULL,
	CONSTRAINT "knowledge_chunks_document_id_position_pk" PRIMARY KEY("document_id","position")
);
--> statement-breakpoint
CREATE TABLE "knowledge_documents" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"base_id" text NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"url" text,
	"text" text,
	"status" text NOT NULL,
	"problem" text,
	"chunks" integer NOT NULL,
	"embedded" integer NOT NULL,
	"metadata" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "knowledge_chunks_by_base" ON "knowledge_chunks" USING btree ("base_id");--> statement-breakpoint
CREATE INDEX "knowledge_chunks_by_words" ON "knowledge_chunks" USING gin ("words");--> statement-breakpoint
CREATE INDEX "knowledge_documents_by_base" ON "knowledge_documents" USING btree ("base_id","id");