using Orchestration.Metrics.Data;
using Orchestration.Metrics.Recording;
using Orchestration.Metrics.Tests.Rollups;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Data;

/// <summary>Months that go, in a database of their own.</summary>
public sealed class RetentionTests(BackingServices services) : IAsyncLifetime
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Old_months_go_with_their_partitions_and_their_rollups_stay()
    {
        var (old, kept) = (await WriteAsync("old", 9), await WriteAsync("kept", 5));
        await using var command = _host.Database.CreateCommand("SELECT ensure_ledger_partitions((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '9 months')::date, 1)");
        await command.ExecuteNonQueryAsync(Cancellation);
        await _host.Database.ShouldEqualRowsAsync("old");
        var sum = await SpentAsync("old");

        (await PartitionMaintenance.DropAsync(_host.Database, 6, Cancellation)).ShouldBe(2);

        (await RowsAsync(old)).ShouldBe(0);
        (await RowsAsync(kept)).ShouldBe(2);
        (await SpentAsync("old")).ShouldBe(sum);
        sum.ShouldBe(old.Completed.Cost);
        await _host.Database.ShouldEqualRowsAsync("kept");
        (await PartitionMaintenance.DropAsync(_host.Database, 6, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Rows_past_retention_that_never_got_a_partition_go_too()
    {
        var (old, kept) = (await WriteAsync("old", 9), await WriteAsync("kept", 5));

        await PartitionMaintenance.DropAsync(_host.Database, 6, Cancellation);

        (await RowsAsync(old)).ShouldBe(0);
        (await RowsAsync(kept)).ShouldBe(2);
    }

    [Fact]
    public async Task Events_of_a_dropped_month_wait_in_quarantine_and_change_no_sum()
    {
        var old = await WriteAsync("old", 9);
        await PartitionMaintenance.DropAsync(_host.Database, 6, Cancellation);
        var late = LedgerStory.Begin("old", _now.AddMonths(-9));
        var fresh = LedgerStory.Begin("fresh");

        var refused = await _host.Writer.WriteAsync(late.Events.Concat(old.Events).Concat(fresh.Events).Sequenced(), Cancellation);

        refused.Select(item => item.Reason).Distinct().ShouldBe([RefusedEvent.Dropped]);
        refused.Count.ShouldBe(8);
        (await _host.Database.CountAsync("quarantined_events WHERE state = 'waiting'")).ShouldBe(8);
        (await SpentAsync("old")).ShouldBe(old.Completed.Cost);
        (await RowsAsync(late)).ShouldBe(0);
        (await RowsAsync(fresh)).ShouldBe(2);
    }

    [Fact]
    public async Task Retention_of_no_months_keeps_everything()
    {
        var old = await WriteAsync("old", 18);

        (await PartitionMaintenance.DropAsync(_host.Database, 0, Cancellation)).ShouldBe(0);

        (await RowsAsync(old)).ShouldBe(2);
    }

    private async Task<LedgerStory> WriteAsync(string tenant, int monthsAgo)
    {
        var story = LedgerStory.Begin(tenant, _now.AddMonths(-monthsAgo));
        (await _host.Writer.WriteAsync(story.Events.Sequenced(), Cancellation)).ShouldBeEmpty();
        return story;
    }

    private async Task<int> RowsAsync(LedgerStory story) =>
        (await _host.Database.RowsAsync("requests", story.RequestId)).Count + (await _host.Database.RowsAsync("attempts", story.AttemptId)).Count;

    private async Task<decimal> SpentAsync(string tenant)
    {
        await using var command = _host.Database.CreateCommand($"SELECT sum(cost) FROM usage_slices WHERE tenant_id = '{tenant}' AND dimension = 'total' AND grain = 'day'");
        return (decimal)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
