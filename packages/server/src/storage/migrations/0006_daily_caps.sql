CREATE TABLE "dialled_legs" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"call_id" text NOT NULL,
	"ends_with_call" boolean NOT NULL,
	"carrier_account_id" text,
	"carrier_call_id" text,
	"price_per_minute" double precision NOT NULL,
	"lines" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dialled_legs_by_workspace" ON "dialled_legs" USING btree ("workspace_id","started_at");--> statement-breakpoint
CREATE INDEX "dialled_legs_at_carriers" ON "dialled_legs" USING btree ("carrier_account_id","carrier_call_id") WHERE "dialled_legs"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "calls_dialled" ON "calls" USING btree ("workspace_id",coalesce("start_at", "created_at")) WHERE coalesce("calls"."dial" ->> 'trunkId', "calls"."dial" ->> 'carrierAccountId') is not null;