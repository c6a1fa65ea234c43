ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "webhook_deliveries_event_id_domain_events_id_fk";
--> statement-breakpoint
DROP INDEX "webhook_deliveries_due";--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD COLUMN "expires_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("endpoint_id","next_attempt_at","id") WHERE "webhook_deliveries"."status" = 'pending';--> statement-breakpoint
ALTER TABLE "webhook_deliveries" SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
