using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Metrics.Recording;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Recording;

/// <summary>Batches that come while the only transaction is held up by a lock.</summary>
public sealed class GatheredWriterTests(BackingServices services) : IAsyncLifetime
{
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private GatheredWriter Writer => _host.Services.GetRequiredService<GatheredWriter>();

    public async ValueTask InitializeAsync() =>
        _host = await MetricsHost.StartAsync(services, settings: new Dictionary<string, string?> { ["Recording:ConcurrentTransactions"] = "1" });

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Batches_that_wait_at_the_same_time_are_written_in_one_transaction()
    {
        var stories = Stories(10);
        List<Task<bool>> writing = [];
        await using (await _host.LockRequestsAsync(services))
        {
            writing.Add(WriteAsync(stories[0]));
            await _host.UntilWriterWaitsAsync();
            writing.AddRange(stories.Skip(1).Select(story => WriteAsync(story)));
            writing.ShouldAllBe(write => !write.IsCompleted);
        }

        (await Task.WhenAll(writing)).ShouldAllBe(written => written);
        (await TransactionsAsync(stories)).ShouldBe(2);
    }

    [Fact]
    public async Task Transaction_takes_no_more_than_its_number_of_events()
    {
        await using var small = await MetricsHost.StartAsync(services, existing: _host.Name, settings: new Dictionary<string, string?>
        {
            ["Recording:ConcurrentTransactions"] = "1",
            ["Recording:TransactionEvents"] = "8",
        });
        var writer = small.Services.GetRequiredService<GatheredWriter>();
        var stories = Stories(7);
        List<Task<bool>> writing = [];
        await using (await _host.LockRequestsAsync(services))
        {
            writing.Add(writer.TryWriteAsync(stories[0].Events.Sequenced(), Cancellation));
            await _host.UntilWriterWaitsAsync();
            writing.AddRange(stories.Skip(1).Select(story => writer.TryWriteAsync(story.Events.Sequenced(), Cancellation)));
        }

        await Task.WhenAll(writing);
        (await TransactionsAsync(stories)).ShouldBe(4);
    }

    [Fact]
    public async Task Batch_with_a_defect_that_nobody_thought_of_fails_alone()
    {
        var stories = Stories(6);
        Task<bool> broken;
        List<Task<bool>> writing = [];
        await using (await _host.LockRequestsAsync(services))
        {
            writing.Add(WriteAsync(stories[0]));
            await _host.UntilWriterWaitsAsync();
            writing.AddRange(stories.Skip(1).Take(2).Select(story => WriteAsync(story)));
            broken = Writer.TryWriteAsync([new SequencedEvent("gateway-0", 1, null!)], Cancellation);
            writing.AddRange(stories.Skip(3).Select(story => WriteAsync(story)));
        }

        await Should.ThrowAsync<NullReferenceException>(() => broken);
        (await Task.WhenAll(writing)).ShouldAllBe(written => written);
        (await _host.Database.RowsAsync("requests", [.. stories.Select(story => story.RequestId)])).Count.ShouldBe(6);
    }

    [Fact]
    public async Task Batch_that_is_given_up_while_it_is_written_takes_no_other_with_it()
    {
        var stories = Stories(3);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<bool> first, givenUp, other;
        var behind = _host.LockRequestsAsync(services);
        await using (await behind)
        {
            first = WriteAsync(stories[0]);
            await _host.UntilWriterWaitsAsync();
            // The lock behind the first transaction holds up the one that takes the other two.
            behind = _host.LockRequestsAsync(services);
            await _host.UntilLockWaitsAsync();
            givenUp = WriteAsync(stories[1], stop.Token);
            other = WriteAsync(stories[2]);
        }

        await using (await behind)
        {
            await _host.UntilWriterWaitsAsync();
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => givenUp);
            other.IsCompleted.ShouldBeFalse();
        }

        (await first).ShouldBeTrue();
        (await other).ShouldBeTrue();
        (await _host.Database.RowsAsync("requests", stories[1].RequestId)).ShouldBeEmpty();
        (await _host.Database.RowsAsync("requests", stories[2].RequestId)).ShouldHaveSingleItem();
    }

    private static List<LedgerStory> Stories(int count) => [.. Enumerable.Range(0, count).Select(_ => LedgerStory.Begin())];

    private Task<bool> WriteAsync(LedgerStory story, CancellationToken? cancellationToken = null) =>
        Writer.TryWriteAsync(story.Events.Sequenced(), cancellationToken ?? Cancellation);

    private async Task<long> TransactionsAsync(List<LedgerStory> stories)
    {
        await using var command = _host.Database.CreateCommand("SELECT count(DISTINCT xmin::text) FROM requests WHERE id = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. stories.Select(story => story.RequestId)] });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
