using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class Repricing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "adjustments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    project_id = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    belongs_to = table.Column<string>(type: "text", nullable: false),
                    booked_in = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    repricing_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reversal = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_adjustments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "closed_months",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    month = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    period_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    period_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    totals = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_closed_months", x => new { x.tenant_id, x.month });
                });

            migrationBuilder.CreateTable(
                name: "repriced_attempts",
                columns: table => new
                {
                    repricing_id = table.Column<Guid>(type: "uuid", nullable: false),
                    attempt_id = table.Column<Guid>(type: "uuid", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    project_id = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    cost_currency = table.Column<string>(type: "text", nullable: false),
                    simulated = table.Column<bool>(type: "boolean", nullable: false),
                    request_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    price_before = table.Column<string>(type: "jsonb", nullable: false),
                    price_after = table.Column<string>(type: "jsonb", nullable: false),
                    cost_before = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    cost_after = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    billed_before = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    billed_after = table.Column<decimal>(type: "numeric(30,15)", precision: 30, scale: 15, nullable: false),
                    state = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_repriced_attempts", x => new { x.repricing_id, x.attempt_id });
                });

            migrationBuilder.CreateTable(
                name: "repricings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    request = table.Column<string>(type: "jsonb", nullable: false),
                    period_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    period_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cursor = table.Column<Guid>(type: "uuid", nullable: true),
                    seen = table.Column<long>(type: "bigint", nullable: false),
                    differing = table.Column<long>(type: "bigint", nullable: false),
                    unexplained = table.Column<long>(type: "bigint", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_repricings", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_adjustments_repricing",
                table: "adjustments",
                columns: new[] { "repricing_id", "reversal", "tenant_id", "project_id", "provider", "model", "currency", "belongs_to" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_adjustments_tenant_id_belongs_to",
                table: "adjustments",
                columns: new[] { "tenant_id", "belongs_to" });

            migrationBuilder.CreateIndex(
                name: "ix_repriced_attempts_attempt_id",
                table: "repriced_attempts",
                column: "attempt_id");

            migrationBuilder.CreateIndex(
                name: "ix_repriced_attempts_repricing_id_state_attempt_id",
                table: "repriced_attempts",
                columns: new[] { "repricing_id", "state", "attempt_id" });

            migrationBuilder.CreateIndex(
                name: "ix_repricings_state",
                table: "repricings",
                column: "state");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "adjustments");

            migrationBuilder.DropTable(
                name: "closed_months");

            migrationBuilder.DropTable(
                name: "repriced_attempts");

            migrationBuilder.DropTable(
                name: "repricings");
        }
    }
}
