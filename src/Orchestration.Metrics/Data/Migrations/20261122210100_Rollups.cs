using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class Rollups : Migration
    {
        // One row: whatever began before this instant has been dropped and must not be recorded again.
        private const string Retention = """
            CREATE TABLE ledger_retention (
                only_row boolean NOT NULL DEFAULT true CONSTRAINT pk_ledger_retention PRIMARY KEY CHECK (only_row),
                dropped_before timestamptz NOT NULL
            );
            INSERT INTO ledger_retention (dropped_before) VALUES ('2020-01-01T00:00:00Z');
            """;

        // Runs as its owner, as ensure_ledger_partitions does. It cannot be made to drop the present or the last month, and the
        // lock keeps it apart from transactions that record, which hold it shared: none can write into a month that goes.
        private const string DropMonths = """
            CREATE FUNCTION drop_ledger_months(first_kept date) RETURNS integer
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
            DECLARE
                boundary timestamptz := first_kept::timestamp AT TIME ZONE 'UTC';
                parent text;
                part text;
                dropped integer := 0;
            BEGIN
                IF first_kept <> date_trunc('month', first_kept)::date
                   OR boundary > (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month') AT TIME ZONE 'UTC' THEN
                    RAISE EXCEPTION 'month out of range' USING ERRCODE = 'invalid_parameter_value';
                END IF;
                PERFORM pg_advisory_xact_lock(hashtext('ledger_partitions'));
                PERFORM pg_advisory_xact_lock(hashtext('ledger_retention'));
                UPDATE ledger_retention SET dropped_before = boundary WHERE dropped_before < boundary;
                FOREACH parent IN ARRAY ARRAY['requests', 'attempts'] LOOP
                    FOR part IN
                        SELECT child.relname FROM pg_inherits
                        JOIN pg_class child ON child.oid = inhrelid
                        WHERE inhparent = parent::regclass AND child.relname ~ '_[0-9]{4}_[0-9]{2}$'
                          AND to_date(right(child.relname, 7), 'YYYY_MM') < first_kept
                        ORDER BY child.relname
                    LOOP
                        EXECUTE format('DROP TABLE %I', part);
                        dropped := dropped + 1;
                    END LOOP;
                    EXECUTE format('DELETE FROM %I WHERE id < %L', parent || '_default', first_uuid_at(boundary));
                END LOOP;
                RETURN dropped;
            END
            $$;
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<decimal>(
                name: "baseline",
                table: "requests",
                type: "numeric(30,15)",
                precision: 30,
                scale: 15,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "decided_at",
                table: "quarantined_events",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "decided_by",
                table: "quarantined_events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "state",
                table: "quarantined_events",
                type: "text",
                nullable: false,
                defaultValue: "waiting");

            migrationBuilder.CreateTable(
                name: "latency_sketches",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    dimension = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    grain = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bucket = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    detail = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    simulated = table.Column<bool>(type: "boolean", nullable: false),
                    measure = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    steps = table.Column<int[]>(type: "integer[]", nullable: false),
                    counts = table.Column<long[]>(type: "bigint[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_latency_sketches", x => new { x.tenant_id, x.dimension, x.grain, x.bucket, x.value, x.detail, x.simulated, x.measure });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "provider_costs",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bucket = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    model = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cost_currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    simulated = table.Column<bool>(type: "boolean", nullable: false),
                    attempts = table.Column<long>(type: "bigint", nullable: false),
                    cost = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    billed = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_costs", x => new { x.tenant_id, x.bucket, x.provider, x.model, x.cost_currency, x.currency, x.simulated });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "usage_cells",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bucket = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    project_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    model = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    route = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    request_class = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    purpose = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    simulated = table.Column<bool>(type: "boolean", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    failed_requests = table.Column<long>(type: "bigint", nullable: false),
                    cache_hits = table.Column<long>(type: "bigint", nullable: false),
                    estimated = table.Column<long>(type: "bigint", nullable: false),
                    recovered = table.Column<long>(type: "bigint", nullable: false),
                    cost = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    saved = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    attempts = table.Column<long>(type: "bigint", nullable: false),
                    failed_attempts = table.Column<long>(type: "bigint", nullable: false),
                    fallbacks = table.Column<long>(type: "bigint", nullable: false),
                    billed = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cache_read_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cache_write_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cache_write_one_hour_tokens = table.Column<long>(type: "bigint", nullable: false),
                    audio_input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    reasoning_tokens = table.Column<long>(type: "bigint", nullable: false),
                    audio_output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    search_units = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_cells", x => new { x.tenant_id, x.bucket, x.project_id, x.key_id, x.provider, x.model, x.route, x.request_class, x.purpose, x.currency, x.simulated });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "usage_failures",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bucket = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    of_attempts = table.Column<bool>(type: "boolean", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    project_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    model = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    simulated = table.Column<bool>(type: "boolean", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_failures", x => new { x.tenant_id, x.bucket, x.of_attempts, x.code, x.project_id, x.key_id, x.provider, x.model, x.simulated });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "usage_slices",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    dimension = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    grain = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    bucket = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    detail = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    simulated = table.Column<bool>(type: "boolean", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    failed_requests = table.Column<long>(type: "bigint", nullable: false),
                    cache_hits = table.Column<long>(type: "bigint", nullable: false),
                    estimated = table.Column<long>(type: "bigint", nullable: false),
                    recovered = table.Column<long>(type: "bigint", nullable: false),
                    cost = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    saved = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    attempts = table.Column<long>(type: "bigint", nullable: false),
                    failed_attempts = table.Column<long>(type: "bigint", nullable: false),
                    fallbacks = table.Column<long>(type: "bigint", nullable: false),
                    billed = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cache_read_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cache_write_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cache_write_one_hour_tokens = table.Column<long>(type: "bigint", nullable: false),
                    audio_input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    reasoning_tokens = table.Column<long>(type: "bigint", nullable: false),
                    audio_output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    search_units = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_slices", x => new { x.tenant_id, x.dimension, x.grain, x.bucket, x.value, x.detail, x.currency, x.simulated });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateIndex(
                name: "ix_quarantined_events_state_event_id",
                table: "quarantined_events",
                columns: new[] { "state", "event_id" });

            migrationBuilder.Sql(Retention);
            migrationBuilder.Sql(DropMonths);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION drop_ledger_months(date); DROP TABLE ledger_retention;");

            migrationBuilder.DropTable(
                name: "latency_sketches");

            migrationBuilder.DropTable(
                name: "provider_costs");

            migrationBuilder.DropTable(
                name: "usage_cells");

            migrationBuilder.DropTable(
                name: "usage_failures");

            migrationBuilder.DropTable(
                name: "usage_slices");

            migrationBuilder.DropIndex(
                name: "ix_quarantined_events_state_event_id",
                table: "quarantined_events");

            migrationBuilder.DropColumn(
                name: "baseline",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "decided_at",
                table: "quarantined_events");

            migrationBuilder.DropColumn(
                name: "decided_by",
                table: "quarantined_events");

            migrationBuilder.DropColumn(
                name: "state",
                table: "quarantined_events");
        }
    }
}
