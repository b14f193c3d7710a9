using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class Budgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "budget_crossings",
                columns: table => new
                {
                    budget_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    percent = table.Column<int>(type: "integer", nullable: false),
                    spent = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    amount = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    crossed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_crossings", x => new { x.budget_id, x.period_starts_at, x.percent });
                });

            migrationBuilder.CreateTable(
                name: "budgets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    scope = table.Column<string>(type: "text", nullable: false),
                    scope_id = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    period = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    thresholds = table.Column<int[]>(type: "integer[]", nullable: false),
                    cheaper_route = table.Column<string>(type: "text", nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    counts_simulated = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budgets", x => x.id);
                    table.CheckConstraint("ck_budgets_amount", "amount >= 0");
                });

            migrationBuilder.CreateTable(
                name: "outbox_ranges",
                columns: table => new
                {
                    instance = table.Column<string>(type: "text", nullable: false),
                    first_sequence = table.Column<long>(type: "bigint", nullable: false),
                    last_sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_ranges", x => new { x.instance, x.first_sequence });
                });

            migrationBuilder.CreateTable(
                name: "outbox_turnovers",
                columns: table => new
                {
                    instance = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_turnovers", x => new { x.instance, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "budget_periods",
                columns: table => new
                {
                    budget_id = table.Column<Guid>(type: "uuid", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    announced_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    amount = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    spent = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    simulated = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    leased = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    suspended = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    late = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    excess = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_periods", x => new { x.budget_id, x.starts_at });
                    table.CheckConstraint("ck_budget_periods_balance", "leased >= 0 AND suspended >= 0 AND spent >= 0 AND simulated >= 0 AND late >= 0 AND excess >= 0 AND spent + simulated + leased + suspended <= amount + excess");
                    table.CheckConstraint("ck_budget_periods_bounds", "ends_at > starts_at");
                    table.ForeignKey(
                        name: "fk_budget_periods_budgets_budget_id",
                        column: x => x.budget_id,
                        principalTable: "budgets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "budget_leases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    budget_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    holder = table.Column<string>(type: "text", nullable: false),
                    first_sequence = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    used = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    granted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    drain_through = table.Column<long>(type: "bigint", nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_leases", x => x.id);
                    table.CheckConstraint("ck_budget_leases_amounts", "amount >= 0 AND used >= 0");
                    table.CheckConstraint("ck_budget_leases_state", "state IN ('active', 'suspended', 'closed')");
                    table.ForeignKey(
                        name: "fk_budget_leases_budget_periods_budget_id_period_starts_at",
                        columns: x => new { x.budget_id, x.period_starts_at },
                        principalTable: "budget_periods",
                        principalColumns: new[] { "budget_id", "starts_at" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_budget_crossings_untold",
                table: "budget_crossings",
                column: "crossed_at",
                filter: "published_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_budget_leases_held",
                table: "budget_leases",
                columns: new[] { "budget_id", "period_starts_at", "holder", "first_sequence" },
                unique: true,
                filter: "state <> 'closed' AND drain_through IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_budget_leases_open",
                table: "budget_leases",
                column: "expires_at",
                filter: "state <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "ix_budgets_tenant_id_id",
                table: "budgets",
                columns: new[] { "tenant_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "budget_crossings");

            migrationBuilder.DropTable(
                name: "budget_leases");

            migrationBuilder.DropTable(
                name: "outbox_ranges");

            migrationBuilder.DropTable(
                name: "outbox_turnovers");

            migrationBuilder.DropTable(
                name: "budget_periods");

            migrationBuilder.DropTable(
                name: "budgets");
        }
    }
}
