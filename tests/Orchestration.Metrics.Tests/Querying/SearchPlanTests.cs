using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Querying;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class SearchPlanTests(BackingServices services, MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private const string Tenant = "plans";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Range_of_time_reads_the_partitions_of_its_months_only()
    {
        await PrepareAsync();
        var now = TimeProvider.System.GetUtcNow();
        var middle = new DateTimeOffset(now.Year, now.Month, 10, 0, 0, 0, TimeSpan.Zero);
        var plan = await PlanAsync(new RequestFilter { From = middle.ToTimestamp(), To = middle.AddDays(3).ToTimestamp() });

        plan.ShouldContain(FormattableString.Invariant($"requests_{now:yyyy_MM}"));
        plan.ShouldNotContain(FormattableString.Invariant($"requests_{now.AddMonths(-1):yyyy_MM}"));
        plan.ShouldNotContain("requests_default");
    }

    [Theory]
    [InlineData("end_user", "tenant_id_end_user_id")]
    [InlineData("key_id", "tenant_id_key_id_id")]
    [InlineData("settlement", "tenant_id_settlement_id")]
    [InlineData("failed", "tenant_id_id_status")]
    [InlineData("open", "tenant_id_id_idx")]
    public async Task Condition_with_an_index_goes_along_it(string condition, string index)
    {
        await PrepareAsync();
        var plan = await PlanAsync(condition switch
        {
            "end_user" => new RequestFilter { EndUser = "user-7" },
            "key_id" => new RequestFilter { KeyId = "key-7" },
            "settlement" => new RequestFilter { Settlement = Settlement.Recovered },
            "failed" => new RequestFilter { State = RequestState.Failed },
            _ => new RequestFilter { State = RequestState.Open },
        });

        plan.ShouldContain(index);
        plan.ShouldNotContain("Seq Scan on requests_default");
    }

    private async Task<string> PlanAsync(RequestFilter filter)
    {
        await using var context = await fixture.Host.Services.GetRequiredService<IDbContextFactory<MetricsDbContext>>().CreateDbContextAsync(Cancellation);
        var terms = SearchTermsReading.Read(Tenant, filter, oldestFirst: false).ShouldBeOfType<ReadTerms>().Terms;
        await using var command = context.Requests.AsNoTracking().Fenced(terms).Led(SearchConditions.LeadOf(terms), filter).Begun(terms)
            .OrderByDescending(row => row.Id).Take(51).CreateDbCommand();
        command.CommandText = "EXPLAIN " + command.CommandText;
        await context.Database.OpenConnectionAsync(Cancellation);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var plan = new StringBuilder();
        while (await reader.ReadAsync(Cancellation))
            plan.AppendLine(CultureInfo.InvariantCulture, $"{reader.GetString(0)}");
        return plan.ToString();
    }

    /// <summary>Rows enough that a plan without its index would cost more, and statistics that say so.</summary>
    private async Task PrepareAsync()
    {
        var administrator = new NpgsqlConnectionStringBuilder(services.AdminConnectionString) { Database = fixture.Host.Name, Pooling = false };
        await using var database = NpgsqlDataSource.Create(administrator);
        await using var rows = database.CreateCommand(
            $$"""
            INSERT INTO requests (id, tenant_id, project_id, key_id, end_user, session_id, purpose, route, request_class, policy_version, currency, tags,
                trace_id, started_at, requested_model, streamed, simulated, completed_event_id, status, settlement, cost)
            SELECT gen_random_uuid(), '{{Tenant}}', 'web', 'key-' || n % 100, 'user-' || n % 1000, '', 'chat', 'auto', 'simple', '1', 'USD', '{}',
                '', now(), 'auto', true, false, CASE WHEN n % 500 <> 0 THEN gen_random_uuid() END,
                CASE WHEN n % 50 = 0 THEN 'x' ELSE 'ok' END, CASE WHEN n % 500 = 0 THEN NULL WHEN n % 50 = 1 THEN 'recovered' ELSE 'exact' END, 1
            FROM generate_series(1, 20000) AS n WHERE NOT EXISTS (SELECT FROM requests WHERE tenant_id = '{{Tenant}}')
            """);
        await rows.ExecuteNonQueryAsync(Cancellation);
        await using var analyze = database.CreateCommand("ANALYZE requests");
        await analyze.ExecuteNonQueryAsync(Cancellation);
    }
}
