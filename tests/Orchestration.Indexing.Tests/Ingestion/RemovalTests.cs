using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Search;
using Orchestration.Testing;

namespace Orchestration.Indexing.Tests.Ingestion;

public sealed class RemovalTests(BackingServices services) : IAsyncLifetime
{
    private static readonly string[] Tables = ["documents", "document_files", "chunks", "index_entries", "postings", "vectors"];
    private IndexingHarness _indexing = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _indexing = await IndexingHarness.StartAsync(services, Cancellation);

    public ValueTask DisposeAsync() => _indexing.DisposeAsync();

    [Fact]
    public async Task Deleted_document_leaves_nothing_and_is_not_found()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        await _indexing.WorkOffAsync();

        var removal = (await _indexing.Removals.DocumentAsync("acme", "help", "page", Cancellation)).ShouldNotBeNull();

        (removal.Documents, removal.Chunks, removal.IndexEntries, removal.Queued, removal.Remaining).ShouldBe((1, 1, 1, 0, 0));
        (await _indexing.FindAsync("apple")).ShouldBeEmpty();
        (await RowsAsync()).ShouldBe(0);
        (await _indexing.Removals.DocumentAsync("acme", "help", "page", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Another_tenants_document_is_not_deleted()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        await _indexing.WorkOffAsync();

        (await _indexing.Removals.DocumentAsync("zenith", "help", "page", Cancellation)).ShouldBeNull();
        (await _indexing.Removals.CollectionAsync("zenith", "help", Cancellation)).ShouldBeNull();

        (await _indexing.FindAsync("apple")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Worker_whose_document_is_deleted_meanwhile_writes_nothing()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        var taken = (await _indexing.Queue.TakeAsync(Cancellation)).ShouldNotBeNull();
        _indexing.Gateway.Meanwhile = async () => (await _indexing.Removals.DocumentAsync("acme", "help", "page", Cancellation))!.Queued.ShouldBe(1);

        await _indexing.Worker.IndexAsync(taken, Cancellation);

        (await RowsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Message_that_was_sent_before_the_deletion_brings_nothing_back()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        var sent = _indexing.Clock.GetUtcNow();
        _indexing.Clock.Advance(TimeSpan.FromSeconds(1));
        await _indexing.Removals.DocumentAsync("acme", "help", "page", Cancellation);
        var late = new DocumentSubmission("acme", "help", "page", "", "An apple grows on a tree.") { SentAt = sent };

        (await _indexing.Intake.SubmitAsync(late, null, Cancellation)).ShouldBeOfType<IntakeResult.Deleted>();
        (await _indexing.Intake.SubmitAsync(late with { SentAt = _indexing.Clock.GetUtcNow() + TimeSpan.FromSeconds(1) }, null, Cancellation))
            .ShouldBeOfType<IntakeResult.Accepted>();
    }

    [Fact]
    public async Task Deleted_collection_is_gone_with_all_its_indexes_and_can_be_made_anew()
    {
        await _indexing.SubmitAsync("one", "An apple grows on a tree.");
        await _indexing.SubmitAsync("two", "The river rises in the mountains.");
        await _indexing.WorkOffAsync();
        await _indexing.SubmitAsync("three", "We send an invoice.");

        var removal = (await _indexing.Removals.CollectionAsync("acme", "help", Cancellation)).ShouldNotBeNull();

        (removal.Documents, removal.Chunks, removal.Queued).ShouldBe((3, 2, 1));
        (await RowsAsync()).ShouldBe(0);
        (await _indexing.Search.SearchAsync(new PassageQuery("acme", "help", "apple", 10), Cancellation)).ShouldBeOfType<SearchResult.UnknownCollection>();
        await _indexing.SubmitAsync("one", "An apple grows on a tree.");
        await _indexing.WorkOffAsync();
        (await _indexing.FindAsync("apple")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deletions_that_race_with_submissions_and_workers_leave_no_orphan()
    {
        const int Races = 200;
        var working = true;
        var workers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref working) || await _indexing.Queue.TakeAsync(Cancellation) is not null)
                await _indexing.WorkOffAsync();
        })).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, Races), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, async (race, _) =>
        {
            await _indexing.SubmitAsync($"page-{race}", $"An apple number {race} grows on a tree.");
            if (race % 3 == 0)
                await Task.Yield();
            if (race % 20 == 7)
                await _indexing.SubmitAsync($"page-{race}", "The river rises.");
            (await _indexing.Removals.DocumentAsync("acme", "help", $"page-{race}", Cancellation)).ShouldNotBeNull();
            (await _indexing.FindAsync(new PassageQuery("acme", "help", $"apple {race}", 100) { Mode = SearchMode.Text })).Passages
                .ShouldAllBe(passage => passage.DocumentId != $"page-{race}");
        });
        Volatile.Write(ref working, false);
        await Task.WhenAll(workers);

        (await RowsAsync()).ShouldBe(0);
    }

    private async Task<long> RowsAsync()
    {
        var sum = string.Join(" + ", Tables.Select(table => $"(select count(*) from {table})"));
        await using var command = _indexing.Administrator.CreateCommand($"select {sum}");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
