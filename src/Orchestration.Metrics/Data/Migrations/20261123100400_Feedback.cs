using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orchestration.Metrics.Data.Migrations;

/// <summary>What tenants say of answers, beside the ledger.</summary>
[DbContext(typeof(MetricsDbContext))]
[Migration("20261123100400_Feedback")]
public sealed class Feedback : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE request_feedback (
            request_id uuid NOT NULL CONSTRAINT pk_request_feedback PRIMARY KEY,
            tenant_id text NOT NULL,
            rating double precision,
            outcome text,
            given_at timestamp with time zone NOT NULL
        );
        CREATE INDEX ix_request_feedback_given_at ON request_feedback (given_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE request_feedback");
}
