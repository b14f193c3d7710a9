using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class PricingFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE attempts ADD COLUMN thinking boolean, ADD COLUMN service_tier text");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE attempts DROP COLUMN service_tier, DROP COLUMN thinking");
    }
}
