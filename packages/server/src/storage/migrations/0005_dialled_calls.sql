ALTER TABLE "calls" ADD COLUMN "dial" jsonb;--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "start_at" timestamp (3) with time zone;