using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Tests.Rollups;

public sealed class RollupTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollups_equal_the_rows_after_any_shuffle_with_copies_and_contradictions() =>
        await Gen.Select(Gen.Int, Gen.Int[1, 9].Array[80]).SampleAsync(
            async (seed, cuts) =>
            {
                var random = new Random(seed);
                var tenant = NewTenant();
                var events = Enumerable.Range(0, 12).SelectMany(number => Told(Story(tenant, random), random, number)).ToArray();
                var told = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
                random.Shuffle(told);

                for (var (offset, cut) = (0, 0); offset < told.Length; offset += cuts[cut++ % cuts.Length])
                    await WriteAsync(told.Skip(offset).Take(cuts[cut % cuts.Length]));

                await _host.Database.ShouldEqualRowsAsync(tenant);
            },
            iter: 12,
            threads: 1);

    [Fact]
    public async Task Writers_at_once_give_rollups_that_equal_the_rows()
    {
        var tenant = NewTenant();
        var random = new Random(7);
        var events = Enumerable.Range(0, 150).SelectMany(number => Told(Story(tenant, random), random, number)).ToList();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            var mine = events.Where((_, index) => (index + writer) % 3 != 0).ToArray();
            new Random(writer).Shuffle(mine);
            foreach (var chunk in mine.Chunk(50))
                await WriteAsync(chunk);
        }));

        await _host.Database.ShouldEqualRowsAsync(tenant);
        (await _host.Database.CountAsync($"requests WHERE tenant_id = '{tenant}' AND completed_event_id IS NOT NULL")).ShouldBe(150);
    }

    [Fact]
    public async Task Real_ending_replaces_a_recovered_one_and_moves_the_rollups()
    {
        var tenant = NewTenant();
        var story = Story(tenant, new Random(1));
        await WriteAsync(story.Events.Take(2));
        await AmendAsync(story, $"""
            UPDATE requests SET settlement = 'recovered', status = 'recovered', cost = reserved WHERE id = '{story.RequestId}';
            UPDATE attempts SET settlement = 'recovered', outcome = 'broken', failure_code = 'recovered', cost = 0.07, cost_currency = 'USD', billed = 0.5 WHERE id = '{story.AttemptId}';
            """);
        await _host.Database.ShouldEqualRowsAsync(tenant);
        (await CostAsync(tenant)).ShouldBe(0.5m);

        await WriteAsync(story.Events.Take(2));
        (await CostAsync(tenant)).ShouldBe(0.5m);
        await WriteAsync(story.Events.Reverse());

        await _host.Database.ShouldEqualRowsAsync(tenant);
        (await CostAsync(tenant)).ShouldBe(0.000223m);
    }

    [Fact]
    public async Task Another_price_moves_the_rollups_by_the_difference()
    {
        var tenant = NewTenant();
        var story = Story(tenant, new Random(2));
        await WriteAsync(story.Events);

        await AmendAsync(story, $"UPDATE requests SET cost = 3 WHERE id = '{story.RequestId}'; UPDATE attempts SET cost = 0.4, billed = 3 WHERE id = '{story.AttemptId}'");

        await _host.Database.ShouldEqualRowsAsync(tenant);
        (await CostAsync(tenant)).ShouldBe(3m);
    }

    private static string NewTenant() => $"t-{Guid.CreateVersion7():N}";

    private static LedgerStory Story(string tenant, Random random) =>
        LedgerStory.Begin(tenant, TimeProvider.System.GetUtcNow().AddMinutes(-random.Next(0, 3_000)));

    /// <summary>Events of a story with some variety; now and then one of its endings is told in two ways.</summary>
    private static List<LedgerEvent> Told(LedgerStory story, Random random, int number)
    {
        var dimensions = story.Dimensions with
        {
            ProjectId = $"project-{random.Next(3)}",
            EndUser = random.Next(2) == 0 ? new string('用', 40) + random.Next(2) : "someone",
            Tags = random.Next(2) == 0 ? new Dictionary<string, string>() : story.Dimensions.Tags,
        };
        var failed = random.Next(4) == 0;
        var completed = story.Completed with
        {
            Dimensions = dimensions,
            Cost = random.Next(1, 1_000_000) / 1_000_000_000m,
            Baseline = random.Next(2) == 0 ? null : 0.01m,
            Status = failed ? "provider_overloaded" : "ok",
            Simulated = random.Next(5) == 0,
            Cache = random.Next(3) == 0 ? "hit" : "miss",
        };
        var finished = story.Finished with
        {
            Dimensions = dimensions,
            Ordinal = random.Next(2),
            Outcome = failed ? "failed" : "succeeded",
            FailureCode = failed ? "provider_overloaded" : "",
        };
        List<LedgerEvent> events = [story.Events[0], story.Events[1], story.Wrap(finished), story.Wrap(completed)];
        if (number % 5 == 0)
            events.Add(story.Wrap(completed with { Cost = 7 }));
        return events;
    }

    private async Task AmendAsync(LedgerStory story, string statements)
    {
        await using var connection = await _host.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await LedgerAmendment.ApplyAsync(
            connection,
            new BudgetBooking(NullLogger<BudgetBooking>.Instance),
            [story.RequestId],
            [story.AttemptId],
            async cancellation =>
            {
                await using var command = new NpgsqlCommand(statements, connection);
                await command.ExecuteNonQueryAsync(cancellation);
            },
            Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private async Task<decimal> CostAsync(string tenant)
    {
        await using var command = _host.Database.CreateCommand(
            $"SELECT sum(cost) FROM usage_slices WHERE tenant_id = '{tenant}' AND dimension = 'total' AND grain = 'day'");
        return (decimal)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task WriteAsync(IEnumerable<LedgerEvent> events) => await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

}
