using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orchestration.Metrics.Data.Migrations;

/// <summary>A re-pricing that goes on when a month is closed begins lines of the next one instead of adding to those of the closed one.</summary>
[DbContext(typeof(MetricsDbContext))]
[Migration("20261123060100_BookedMonths")]
public sealed class BookedMonths : Migration
{
    private const string Columns = "repricing_id, reversal, tenant_id, project_id, provider, model, currency, belongs_to";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
        DROP INDEX ix_adjustments_repricing;
        CREATE UNIQUE INDEX ix_adjustments_repricing ON adjustments ({Columns}, booked_in);
        """);

    // Two lines of the same change become one, in the earlier month.
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
        DROP INDEX ix_adjustments_repricing;
        UPDATE adjustments kept SET amount = s.amount
        FROM (SELECT {Columns}, min(booked_in) AS booked_in, sum(amount) AS amount FROM adjustments
              WHERE repricing_id IS NOT NULL GROUP BY {Columns} HAVING count(*) > 1) s
        WHERE (kept.repricing_id, kept.reversal, kept.tenant_id, kept.project_id, kept.provider, kept.model, kept.currency, kept.belongs_to, kept.booked_in)
            = (s.repricing_id, s.reversal, s.tenant_id, s.project_id, s.provider, s.model, s.currency, s.belongs_to, s.booked_in);
        DELETE FROM adjustments later USING adjustments kept
        WHERE (kept.repricing_id, kept.reversal, kept.tenant_id, kept.project_id, kept.provider, kept.model, kept.currency, kept.belongs_to)
            = (later.repricing_id, later.reversal, later.tenant_id, later.project_id, later.provider, later.model, later.currency, later.belongs_to)
          AND kept.booked_in < later.booked_in;
        CREATE UNIQUE INDEX ix_adjustments_repricing ON adjustments ({Columns});
        """);
}
