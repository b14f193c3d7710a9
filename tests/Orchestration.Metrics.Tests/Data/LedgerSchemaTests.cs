using Npgsql;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Tests.Data;

public sealed class LedgerSchemaTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Months_from_the_last_to_three_ahead_have_partitions()
    {
        var month = TimeProvider.System.GetUtcNow();
        var expected = Enumerable.Range(-1, 5).Select(step => FormattableString.Invariant($"requests_{month.AddMonths(step):yyyy_MM}")).Append("requests_default");

        var partitions = await PartitionsAsync("requests");
        expected.ShouldBeSubsetOf(partitions);
        (await PartitionsAsync("attempts")).ShouldBe(partitions.Select(name => name.Replace("requests", "attempts", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public async Task Rows_go_to_the_partition_of_their_id()
    {
        var now = TimeProvider.System.GetUtcNow();
        (await PartitionOfAsync(now)).ShouldBe(FormattableString.Invariant($"requests_{now:yyyy_MM}"));
        (await PartitionOfAsync(now.AddYears(-1))).ShouldBe("requests_default");
        (await PartitionOfAsync(now.AddYears(50))).ShouldBe("requests_default");
    }

    [Fact]
    public async Task Event_of_a_month_past_retention_makes_no_row_and_is_quarantined()
    {
        // The service's own maintenance does it too, some time after its start.
        await PartitionMaintenance.DropAsync(_host.Database, 25, Cancellation);
        var old = LedgerStory.Begin(startedAt: TimeProvider.System.GetUtcNow().AddYears(-5));
        var late = LedgerStory.Begin().Wrap(old.Admitted with { Dimensions = LedgerStory.Begin().Dimensions });

        await _host.Writer.WriteAsync(new[] { late }.Sequenced(), Cancellation);

        (await _host.Database.CountAsync($"requests WHERE id = '{old.RequestId}'")).ShouldBe(0);
        (await _host.Database.CountAsync($"quarantined_events WHERE event_id = '{late.EventId}'")).ShouldBe(1);
    }

    [Fact]
    public async Task First_and_last_instant_of_a_month_lie_in_its_partition()
    {
        var now = TimeProvider.System.GetUtcNow();
        var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        (await PartitionOfAsync(first)).ShouldBe(FormattableString.Invariant($"requests_{first:yyyy_MM}"));
        (await PartitionOfAsync(first.AddMilliseconds(-1))).ShouldBe(FormattableString.Invariant($"requests_{first.AddMonths(-1):yyyy_MM}"));
    }

    [Fact]
    public async Task New_month_takes_its_rows_out_of_the_default_partition()
    {
        var story = LedgerStory.Begin(startedAt: new DateTimeOffset(2031, 5, 17, 0, 0, 0, TimeSpan.Zero));
        await _host.Writer.WriteAsync(story.Events.Sequenced(), Cancellation);

        await ExecuteAsync("SELECT ensure_ledger_partitions('2031-05-01', 1)");

        (await TableOfAsync(story.RequestId)).ShouldBe("requests_2031_05");
        await _host.Writer.WriteAsync(story.Events.Sequenced(), Cancellation);
        (await _host.Database.CountAsync($"requests WHERE id = '{story.RequestId}'")).ShouldBe(1);
        (await _host.Database.CountAsync($"attempts_2031_05 WHERE id = '{story.AttemptId}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Maintenance_may_run_again_and_at_once()
    {
        (await PartitionMaintenance.EnsureAsync(_host.Database, Cancellation)).ShouldBe(0);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ExecuteAsync("SELECT ensure_ledger_partitions('2032-01-01', 3)")));

        (await PartitionsAsync("attempts")).Count(name => name.StartsWith("attempts_2032", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Theory]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("DROP TABLE requests")]
    [InlineData("ALTER TABLE attempts ADD COLUMN x int")]
    [InlineData("TRUNCATE requests")]
    [InlineData("CREATE INDEX ON requests (cost)")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("ALTER FUNCTION first_uuid_at(timestamptz) OWNER TO CURRENT_USER")]
    public async Task Login_role_cannot_change_the_schema(string statement) =>
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(statement))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    [Theory]
    [InlineData("SELECT ensure_ledger_partitions('2026-01-01', 100)")]
    [InlineData("SELECT ensure_ledger_partitions('1900-01-01', 1)")]
    public async Task Partitions_can_be_asked_for_in_bounds_only(string statement) =>
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(statement))).SqlState.ShouldBe(PostgresErrorCodes.InvalidParameterValue);

    private async Task<string> PartitionOfAsync(DateTimeOffset moment)
    {
        var story = LedgerStory.Begin(startedAt: moment);
        // Only the id lies that far away; times of events are checked for plausibility.
        var near = LedgerStory.Begin().Dimensions;
        await _host.Writer.WriteAsync(
            new[] { LedgerStory.Begin().Wrap(story.Admitted with { Dimensions = near }) }.Sequenced(), Cancellation);
        return await TableOfAsync(story.RequestId);
    }

    private async Task<string> TableOfAsync(Guid requestId)
    {
        await using var command = _host.Database.CreateCommand("SELECT tableoid::regclass::text FROM requests WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = requestId });
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task<IReadOnlyList<string>> PartitionsAsync(string table)
    {
        await using var command = _host.Database.CreateCommand($"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{table}'::regclass");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            names.Add(reader.GetString(0));
        return names;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _host.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
