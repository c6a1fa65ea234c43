CREATE TABLE "opt_outs" (
	"workspace_id" text NOT NULL,
	"phone_number" text NOT NULL,
	"recipient" text NOT NULL,
	"word" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "opt_outs_workspace_id_phone_number_recipient_pk" PRIMARY KEY("workspace_id","phone_number","recipient")
);
--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "quality" jsonb;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "recording" jsonb;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "dial" jsonb;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "start_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "delivery" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "carrier_message_id" text;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "carrier_account_id" text;--> statement-breakpoint
CREATE INDEX "calls_with_recording" ON "calls" USING btree ("ended_at") WHERE "calls"."recording" ->> 'status' in ('recording', 'waiting', 'stored');--> statement-breakpoint
CREATE UNIQUE INDEX "messages_by_carrier" ON "messages" USING btree ("phone_number_id","carrier_message_id") WHERE "messages"."carrier_message_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_answers" ON "messages" USING btree (("delivery" ->> 'answersId')) WHERE "messages"."delivery" ->> 'answersId' is not null;--> statement-breakpoint
CREATE INDEX "messages_queued" ON "messages" USING btree ("id") WHERE "messages"."status" = 'queued';--> statement-breakpoint
CREATE INDEX "phone_numbers_by_carrier_account" ON "phone_numbers" USING btree ("carrier_account_id") WHERE "phone_numbers"."carrier_account_id" is not null;