using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class Recovery : Migration
    {
        // The time of recording is the database's own, so that no other clock decides what is past due.
        private const string Columns = """
            ALTER TABLE requests ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();
            ALTER TABLE attempts ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN reserved numeric(30,15);
            CREATE INDEX ix_requests_unsummed ON requests (id) WHERE settlement = 'estimated' AND cost = 0;
            CREATE INDEX ix_attempts_open ON attempts (request_id) WHERE finished_event_id IS NULL;
            """;

        private const string Recoveries = """
            CREATE TABLE recoveries (
                request_id uuid NOT NULL CONSTRAINT pk_recoveries PRIMARY KEY,
                completed_event_id uuid,
                recovered_at timestamptz NOT NULL,
                moved_at timestamptz
            );
            CREATE INDEX ix_recoveries_recovered_at ON recoveries (recovered_at);
            """;

        private const string Outboxes = """
            CREATE TABLE outbox_gaps (
                instance text NOT NULL,
                first_sequence bigint NOT NULL,
                last_sequence bigint NOT NULL,
                noticed_at timestamptz NOT NULL,
                CONSTRAINT pk_outbox_gaps PRIMARY KEY (instance, first_sequence, last_sequence)
            );
            """;

        private const string Runs = """
            CREATE TABLE reconciliation_runs (
                id uuid NOT NULL CONSTRAINT pk_reconciliation_runs PRIMARY KEY,
                trigger text NOT NULL,
                first_day date NOT NULL,
                last_day date NOT NULL,
                state text NOT NULL,
                started_at timestamptz NOT NULL,
                ended_at timestamptz,
                days_done integer NOT NULL,
                gaps bigint NOT NULL
            );
            CREATE TABLE reconciliation_findings (
                run_id uuid NOT NULL CONSTRAINT fk_reconciliation_findings_reconciliation_runs_run_id
                    REFERENCES reconciliation_runs (id) ON DELETE CASCADE,
                number integer NOT NULL,
                kind text NOT NULL,
                day date,
                tenant_id text NOT NULL,
                subject text NOT NULL,
                expected text NOT NULL,
                actual text NOT NULL,
                CONSTRAINT pk_reconciliation_findings PRIMARY KEY (run_id, number)
            );
            """;

        private const string Invoices = """
            CREATE TABLE provider_invoices (
                id uuid NOT NULL CONSTRAINT pk_provider_invoices PRIMARY KEY,
                provider text NOT NULL,
                currency text NOT NULL,
                reference text NOT NULL,
                tolerance_percent numeric(30,15) NOT NULL,
                actor text NOT NULL,
                entered_at timestamptz NOT NULL,
                first_day date NOT NULL,
                last_day date NOT NULL
            );
            CREATE TABLE provider_invoice_lines (
                invoice_id uuid NOT NULL CONSTRAINT fk_provider_invoice_lines_provider_invoices_invoice_id
                    REFERENCES provider_invoices (id) ON DELETE CASCADE,
                day date NOT NULL,
                model text NOT NULL,
                amount numeric(30,15) NOT NULL,
                CONSTRAINT pk_provider_invoice_lines PRIMARY KEY (invoice_id, day, model)
            );
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(Columns);
            migrationBuilder.Sql(Recoveries);
            migrationBuilder.Sql(Outboxes);
            migrationBuilder.Sql(Runs);
            migrationBuilder.Sql(Invoices);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            DROP TABLE provider_invoice_lines, provider_invoices, reconciliation_findings, reconciliation_runs, outbox_gaps, recoveries;
            DROP INDEX ix_attempts_open, ix_requests_unsummed;
            ALTER TABLE attempts DROP COLUMN reserved, DROP COLUMN recorded_at;
            ALTER TABLE requests DROP COLUMN recorded_at;
            """);
    }
}
