using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orchestration.Metrics.Data.Migrations;

/// <summary>Slices of projects by model, and months of end users and tags, from the rollups that stand.</summary>
[DbContext(typeof(MetricsDbContext))]
[Migration("20261122230500_WiderSlices")]
public sealed class WiderSlices : Migration
{
    private const string Columns = """
        requests, failed_requests, cache_hits, estimated, recovered, attempts, failed_attempts, fallbacks, input_tokens, cache_read_tokens, cache_write_tokens,
        cache_write_one_hour_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, search_units, cost, saved, billed
        """;

    private const string Sums = """
        sum(requests), sum(failed_requests), sum(cache_hits), sum(estimated), sum(recovered), sum(attempts), sum(failed_attempts), sum(fallbacks), sum(input_tokens),
        sum(cache_read_tokens), sum(cache_write_tokens), sum(cache_write_one_hour_tokens), sum(audio_input_tokens), sum(output_tokens), sum(reasoning_tokens),
        sum(audio_output_tokens), sum(search_units), sum(cost), sum(saved), sum(billed)
        """;

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var (grain, bucket) in new[] { ("quarter", "bucket"), ("day", "date_trunc('day', bucket, 'UTC')") })
        {
            migrationBuilder.Sql($"""
                INSERT INTO usage_slices (tenant_id, dimension, grain, bucket, value, detail, currency, simulated, {Columns})
                SELECT tenant_id, 'project_model', '{grain}', {bucket} AS place, project_id, provider || E'\x1e' || model AS answer, currency, simulated, {Sums}
                FROM usage_cells GROUP BY tenant_id, place, project_id, answer, currency, simulated
                """);
        }

        migrationBuilder.Sql($"""
            INSERT INTO usage_slices (tenant_id, dimension, grain, bucket, value, detail, currency, simulated, {Columns})
            SELECT tenant_id, dimension, 'month', date_trunc('month', bucket, 'UTC') AS place, value, detail, currency, simulated, {Sums}
            FROM usage_slices WHERE grain = 'day' AND dimension IN ('end_user', 'tag')
            GROUP BY tenant_id, dimension, place, value, detail, currency, simulated
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DELETE FROM usage_slices WHERE dimension = 'project_model' OR grain = 'month'");
}
