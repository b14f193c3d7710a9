using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Metrics.Data.Migrations
{
    /// <inheritdoc />
    public partial class Search : Migration
    {
        // Every row pays for the first two; the others hold the few rows that are looked for because they are out of order. All
        // other conditions of a search are checked on the rows along one of these, or along those of a tenant.
        private const string Indexes = """
            CREATE INDEX ix_requests_end_user ON requests (tenant_id, end_user, id) WHERE end_user <> '';
            CREATE INDEX ix_requests_key ON requests (tenant_id, key_id, id);
            CREATE INDEX ix_requests_uncertain ON requests (tenant_id, settlement, id) WHERE settlement <> 'exact';
            CREATE INDEX ix_requests_failed ON requests (tenant_id, id, status) WHERE status <> 'ok';
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Indexes);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("DROP INDEX ix_requests_end_user, ix_requests_key, ix_requests_uncertain, ix_requests_failed;");
    }
}
