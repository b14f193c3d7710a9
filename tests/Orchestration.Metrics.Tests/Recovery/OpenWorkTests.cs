using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Recovery;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Recovery;

public sealed class OpenWorkTests(BackingServices services) : IAsyncLifetime
{
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private OpenWork Work => _host.Services.GetRequiredService<OpenWork>();

    // Rounds look at the whole ledger, so that each test has one of its own.
    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Gateway_killed_before_sending_costs_nothing()
    {
        var story = await ToldAsync(0);

        await SettleAsync();

        (await RequestAsync(story)).ShouldBe(("released", 0m, 0));
    }

    [Fact]
    public async Task Gateway_and_providers_killed_in_the_middle_cost_the_worst_case_of_the_attempt()
    {
        var story = await ToldAsync(0, 1);

        await SettleAsync();

        (await RequestAsync(story)).ShouldBe(("recovered", 0.3m, 1));
        (await AttemptAsync(story)).ShouldBe(("recovered", 0.3m));
    }

    [Fact]
    public async Task Gateway_killed_after_the_end_costs_what_the_attempts_were_billed()
    {
        var story = await ToldAsync(0, 1, 2);

        await SettleAsync();

        (await RequestAsync(story)).ShouldBe(("recovered", 0.000223m, 1));
        (await AttemptAsync(story)).ShouldBe(("exact", 0.000223m));
    }

    [Fact]
    public async Task Attempt_of_an_older_sender_takes_what_the_request_had_reserved()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story.Events[0], story.Wrap(story.Started with { Reserved = null }));
        await AgeAsync();

        await SettleAsync();

        (await AttemptAsync(story)).ShouldBe(("recovered", 0.5m));
    }

    [Fact]
    public async Task Providers_killed_before_the_summing_up_make_the_request_follow_its_attempts()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story.Events[0], story.Events[1], story.Wrap(story.Completed with { Settlement = "estimated", Cost = 0 }));
        await AgeAsync();

        await SettleAsync();

        (await AttemptAsync(story)).ShouldBe(("recovered", 0.3m));
        (await RequestAsync(story)).ShouldBe(("recovered", 0.3m, 1));
    }

    [Fact]
    public async Task Attempt_without_an_end_takes_what_the_summing_up_leaves_for_it()
    {
        var story = await ToldAsync(0, 1, 3);

        await SettleAsync();

        (await AttemptAsync(story)).ShouldBe(("recovered", 0.000223m));
        (await RequestAsync(story)).ShouldBe(("exact", 0.000223m, 1));
    }

    [Fact]
    public async Task Real_end_of_an_attempt_moves_the_request_that_was_settled_by_its_worst_case()
    {
        var story = await ToldAsync(0, 1);
        await SettleAsync();

        await WriteAsync(story.Events[2]);
        var moved = await SettleAsync();

        moved.ShouldHaveSingleItem().PreviousCost.ShouldBe(0.3m);
        (await AttemptAsync(story)).ShouldBe(("exact", 0.000223m));
        (await RequestAsync(story)).ShouldBe(("recovered", 0.000223m, 1));
    }

    [Fact]
    public async Task Real_events_replace_everything_that_was_recovered()
    {
        var told = await ToldAsync(0, 1);
        await SettleAsync();

        await WriteAsync(told.Events[3], told.Events[2]);
        await SettleAsync();

        (await AttemptAsync(told)).ShouldBe(("exact", 0.000223m));
        (await RequestAsync(told)).ShouldBe(("exact", 0.000223m, 1));
    }

    [Fact]
    public async Task Attempt_that_arrives_after_its_request_was_released_is_charged()
    {
        var story = await ToldAsync(0);
        await SettleAsync();

        await WriteAsync(story.Events[1], story.Events[2]);
        await SettleAsync();

        (await RequestAsync(story)).ShouldBe(("recovered", 0.000223m, 1));
    }

    [Fact]
    public async Task Work_that_the_database_saw_lately_stays_open_whatever_its_own_clock_says()
    {
        var story = LedgerStory.Begin(startedAt: TimeProvider.System.GetUtcNow().AddDays(-20));
        await WriteAsync(story.Events[0], story.Events[1]);

        (await SettleAsync()).ShouldBeEmpty();

        (await RequestAsync(story)).Settlement.ShouldBeNull();
    }

    [Fact]
    public async Task Attempt_whose_request_never_arrived_stays_open()
    {
        var story = LedgerStory.Begin();
        await WriteAsync(story.Events[1]);
        await AgeAsync();

        (await SettleAsync()).ShouldBeEmpty();

        (await AttemptAsync(story)).Settlement.ShouldBeNull();
    }

    [Fact]
    public async Task Two_sweepers_at_once_settle_each_request_once()
    {
        for (var count = 0; count < 20; count++)
            await WriteAsync([.. LedgerStory.Begin().Events.Take(2)]);
        await AgeAsync();

        var rounds = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Work.SettleAsync(Cancellation)));

        rounds.Sum(round => round?.Requests.Count ?? 0).ShouldBe(20);
        rounds.Sum(round => round?.Attempts ?? 0).ShouldBe(20);
        (await _host.Database.CountAsync("requests WHERE settlement = 'recovered' AND cost = 0.3")).ShouldBe(20);
    }

    [Fact]
    public async Task Second_round_changes_nothing()
    {
        await ToldAsync(0, 1);
        await SettleAsync();

        (await Work.SettleAsync(Cancellation)).ShouldNotBeNull().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Free_requests_are_looked_at_in_turns_and_none_is_left_out()
    {
        _host.Services.GetRequiredService<IOptions<RecoveryOptions>>().Value.LookedAt = 2;
        var begun = TimeProvider.System.GetUtcNow().AddDays(-5);
        var stories = Enumerable.Range(0, 6).Select(minute => LedgerStory.Begin(startedAt: begun.AddMinutes(minute))).ToList();
        foreach (var story in stories)
            await WriteAsync(story.Events[0], story.Wrap(story.Completed with { Settlement = "estimated", Cost = 0, AttemptCount = 0 }));
        await AgeAsync();
        await WriteAsync(stories[5].Events[1], stories[5].Events[2]);

        (await SettleAsync()).ShouldBeEmpty();
        (await SettleAsync()).ShouldBeEmpty();
        (await SettleAsync()).ShouldHaveSingleItem().Id.ShouldBe(stories[5].RequestId);
        (await RequestAsync(stories[5])).ShouldBe(("exact", 0.000223m, 1));

        await WriteAsync(stories[0].Events[1], stories[0].Events[2]);
        var settled = new List<Guid>();
        for (var round = 0; round < 3; round++)
            settled.AddRange((await SettleAsync()).Select(request => request.Id));
        settled.ShouldBe([stories[0].RequestId]);
    }

    [Fact]
    public async Task Request_whose_time_was_up_lately_waits_for_no_turn()
    {
        _host.Services.GetRequiredService<IOptions<RecoveryOptions>>().Value.LookedAt = 2;
        foreach (var minute in Enumerable.Range(0, 6))
        {
            var free = LedgerStory.Begin(startedAt: TimeProvider.System.GetUtcNow().AddDays(-5).AddMinutes(minute));
            await WriteAsync(free.Events[0], free.Wrap(free.Completed with { Settlement = "estimated", Cost = 0, AttemptCount = 0 }));
        }

        var story = LedgerStory.Begin(startedAt: TimeProvider.System.GetUtcNow().AddMinutes(-40));
        await WriteAsync(story.Events[0], story.Events[1], story.Events[2], story.Wrap(story.Completed with { Settlement = "estimated", Cost = 0 }));
        await AgeAsync();

        (await SettleAsync()).ShouldHaveSingleItem().Id.ShouldBe(story.RequestId);
    }

    [Fact]
    public async Task Attempts_of_a_request_are_looked_for_in_the_months_that_they_may_lie_in()
    {
        var story = LedgerStory.Begin(startedAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        await WriteAsync(story.Events[0], story.Wrap(story.Completed with { Settlement = "estimated", Cost = 0 }));
        await using var command = _host.Database.CreateCommand($"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {RecoveryStatements.Unsummed}");
        foreach (var value in new object[] { TimeSpan.FromMinutes(-1), 500, TimeSpan.FromDays(35), Guid.Empty, 20_000 })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var looked = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            if (reader.GetString(0) is var line && line.Contains(" on attempts_", StringComparison.Ordinal) && !line.Contains("never executed", StringComparison.Ordinal))
                looked.Add(line);
        }

        // The month, perhaps the one beside it, and where rows go that have no month.
        looked.Count.ShouldBeInRange(1, 3, string.Join('\n', looked));
    }

    private async Task<LedgerStory> ToldAsync(params int[] events)
    {
        var story = LedgerStory.Begin();
        await WriteAsync([.. events.Select(index => story.Events[index])]);
        await AgeAsync();
        return story;
    }

    private async Task WriteAsync(params LedgerEvent[] events) => await _host.Writer.WriteAsync(events.Sequenced(), Cancellation);

    private async Task<IReadOnlyList<RecoveredRequest>> SettleAsync() => (await Work.SettleAsync(Cancellation)).ShouldNotBeNull().Requests;

    private async Task AgeAsync()
    {
        await using var batch = _host.Database.CreateBatch();
        foreach (var table in new[] { "requests", "attempts" })
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"UPDATE {table} SET recorded_at = now() - interval '31 minutes'"));
        await batch.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<(string? Settlement, decimal? Cost, int? Attempts)> RequestAsync(LedgerStory story)
    {
        await using var command = _host.Database.CreateCommand($"SELECT settlement, cost, attempt_count FROM requests WHERE id = '{story.RequestId}'");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (reader[0] as string, reader[1] as decimal?, reader[2] as int?);
    }

    private async Task<(string? Settlement, decimal? Billed)> AttemptAsync(LedgerStory story)
    {
        await using var command = _host.Database.CreateCommand($"SELECT settlement, billed FROM attempts WHERE id = '{story.AttemptId}'");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (reader[0] as string, reader[1] as decimal?);
    }
}
