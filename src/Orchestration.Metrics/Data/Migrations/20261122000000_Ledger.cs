using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class Ledger : Migration
    {
        private const string Dimensions = """
                project_id text NOT NULL,
                key_id text NOT NULL,
                end_user text NOT NULL,
                session_id text NOT NULL,
                purpose text NOT NULL,
                route text NOT NULL,
                request_class text NOT NULL,
                policy_version text NOT NULL,
                currency text NOT NULL,
                tags jsonb NOT NULL,
                trace_id text NOT NULL,
            """;

        private const string Requests = $"""
            CREATE TABLE requests (
                id uuid NOT NULL,
                tenant_id text NOT NULL,
            {Dimensions}
                started_at timestamptz NOT NULL,
                requested_model text NOT NULL,
                streamed boolean NOT NULL,
                simulated boolean NOT NULL,
                admitted_event_id uuid,
                admitted_at timestamptz,
                reserved numeric(30,15),
                lease_slices jsonb,
                completed_event_id uuid,
                completed_at timestamptz,
                provider text,
                model text,
                status text,
                settlement text,
                cost numeric(30,15),
                attempt_count integer,
                client_gone boolean,
                cache text,
                time_to_first_token_ms double precision,
                CONSTRAINT pk_requests PRIMARY KEY (id)
            ) PARTITION BY RANGE (id);
            CREATE TABLE requests_default PARTITION OF requests DEFAULT;
            CREATE INDEX ix_requests_tenant_id_id ON requests (tenant_id, id DESC);
            CREATE INDEX ix_requests_open ON requests (tenant_id, id) WHERE completed_event_id IS NULL;
            """;

        private const string Attempts = $"""
            CREATE TABLE attempts (
                id uuid NOT NULL,
                tenant_id text NOT NULL,
            {Dimensions}
                request_started_at timestamptz NOT NULL,
                request_id uuid NOT NULL,
                ordinal integer NOT NULL,
                deployment text NOT NULL,
                provider text NOT NULL,
                model text NOT NULL,
                region text NOT NULL,
                simulated boolean NOT NULL,
                price jsonb NOT NULL,
                rate numeric(30,15) NOT NULL,
                rate_as_of timestamptz NOT NULL,
                started_at timestamptz NOT NULL,
                started_event_id uuid,
                finished_event_id uuid,
                finished_at timestamptz,
                outcome text,
                failure_code text,
                provider_status integer,
                settlement text,
                cost numeric(30,15),
                cost_currency text,
                billed numeric(30,15),
                time_to_first_token_ms double precision,
                duration_ms double precision,
                input_tokens bigint,
                cache_read_tokens bigint,
                cache_write_tokens bigint,
                cache_write_one_hour_tokens bigint,
                audio_input_tokens bigint,
                output_tokens bigint,
                reasoning_tokens bigint,
                audio_output_tokens bigint,
                search_units bigint,
                CONSTRAINT pk_attempts PRIMARY KEY (id)
            ) PARTITION BY RANGE (id);
            CREATE TABLE attempts_default PARTITION OF attempts DEFAULT;
            CREATE INDEX ix_attempts_tenant_id_request_id ON attempts (tenant_id, request_id);
            """;

        // The smallest UUIDv7 of an instant: 48 bits of milliseconds, then zeros.
        private const string FirstId = """
            CREATE FUNCTION first_uuid_at(instant timestamptz) RETURNS uuid
            LANGUAGE sql IMMUTABLE STRICT AS $$
                SELECT (lpad(to_hex((extract(epoch FROM instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
            $$;
            """;

        // Runs as its owner, because the service's login role must not create tables; all that it can be made to do is to
        // create months of the ledger. Rows that wait in the DEFAULT partition move along.
        private const string EnsurePartitions = """
            CREATE FUNCTION ensure_ledger_partitions(first_month date, months integer) RETURNS integer
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
            DECLARE
                parent text;
                part text;
                month timestamp;
                lower uuid;
                upper uuid;
                created integer := 0;
            BEGIN
                IF months < 1 OR months > 36 OR first_month < DATE '2020-01-01' OR first_month >= DATE '2200-01-01' THEN
                    RAISE EXCEPTION 'months out of range' USING ERRCODE = 'invalid_parameter_value';
                END IF;
                PERFORM pg_advisory_xact_lock(hashtext('ledger_partitions'));
                FOREACH parent IN ARRAY ARRAY['requests', 'attempts'] LOOP
                    FOR step IN 0 .. months - 1 LOOP
                        month := date_trunc('month', first_month::timestamp) + make_interval(months => step);
                        part := parent || to_char(month, '"_"YYYY"_"MM');
                        CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
                        lower := first_uuid_at(month AT TIME ZONE 'UTC');
                        upper := first_uuid_at((month + interval '1 month') AT TIME ZONE 'UTC');
                        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
                        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
                        EXECUTE format(
                            'WITH moved AS (DELETE FROM %I WHERE id >= %L AND id < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
                            parent || '_default', lower, upper, part);
                        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, lower, upper);
                        created := created + 1;
                    END LOOP;
                END LOOP;
                RETURN created;
            END
            $$;
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Requests);
            migrationBuilder.Sql(Attempts);
            migrationBuilder.Sql(FirstId);
            migrationBuilder.Sql(EnsurePartitions);
            migrationBuilder.Sql("SELECT ensure_ledger_partitions((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date, 5);");

            migrationBuilder.CreateTable(
                name: "quarantined_events",
                columns: table => new
                {
                    event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    payload_version = table.Column<int>(type: "integer", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table => table.PrimaryKey("pk_quarantined_events", x => x.event_id));

            migrationBuilder.CreateIndex(
                name: "ix_quarantined_events_received_at",
                table: "quarantined_events",
                column: "received_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "quarantined_events");
            migrationBuilder.Sql("DROP FUNCTION ensure_ledger_partitions(date, integer); DROP FUNCTION first_uuid_at(timestamptz);");
            migrationBuilder.DropTable(name: "attempts");
            migrationBuilder.DropTable(name: "requests");
        }
    }
}
