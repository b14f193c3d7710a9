using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orchestration.Metrics.Data.Migrations;

/// <summary>Rows that recovery settled are not open: the indexes of what is open let go of them.</summary>
[DbContext(typeof(MetricsDbContext))]
[Migration("20261123100700_OpenRows")]
public sealed class OpenRows : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP INDEX ix_requests_open;
        CREATE INDEX ix_requests_open ON requests (tenant_id, id) WHERE completed_event_id IS NULL AND settlement IS NULL;
        DROP INDEX ix_attempts_open;
        CREATE INDEX ix_attempts_open ON attempts (request_id) WHERE finished_event_id IS NULL AND settlement IS NULL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP INDEX ix_requests_open;
        CREATE INDEX ix_requests_open ON requests (tenant_id, id) WHERE completed_event_id IS NULL;
        DROP INDEX ix_attempts_open;
        CREATE INDEX ix_attempts_open ON attempts (request_id) WHERE finished_event_id IS NULL;
        """);
}
