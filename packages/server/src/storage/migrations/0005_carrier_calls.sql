CREATE TABLE "carrier_calls" (
	"account_id" text NOT NULL,
	"carrier_call_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "carrier_calls_account_id_carrier_call_id_pk" PRIMARY KEY("account_id","carrier_call_id")
);
