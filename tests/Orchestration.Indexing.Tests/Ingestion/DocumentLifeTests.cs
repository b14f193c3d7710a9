using Grpc.Core;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Search;
using Orchestration.Testing;

namespace Orchestration.Indexing.Tests.Ingestion;

public sealed class DocumentLifeTests(BackingServices services) : IAsyncLifetime
{
    private static readonly string FourBatches = string.Join("\n\n", Enumerable.Repeat(new string('x', 150), 8));
    private IndexingHarness _indexing = null!;

    public async ValueTask InitializeAsync() => _indexing = await IndexingHarness.StartAsync(services, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _indexing.DisposeAsync();

    [Fact]
    public async Task Document_goes_from_queued_to_indexed_and_is_found()
    {
        await _indexing.SubmitAsync("returns", "A parcel may be sent back.");
        await _indexing.SubmitAsync("pay", "We send an invoice.");
        (await _indexing.StatusAsync("returns")).State.ShouldBe(DocumentState.Queued);

        await _indexing.WorkOffAsync();

        var status = await _indexing.StatusAsync("returns");
        status.State.ShouldBe(DocumentState.Indexed);
        status.ChunkCount.ShouldBe(1);
        var best = (await _indexing.FindAsync("where is my parcel"))[0];
        (best.DocumentId, best.Text, best.StartOffset, best.EndOffset).ShouldBe(("returns", "A parcel may be sent back.", 0, 26));
    }

    [Fact]
    public async Task Fifty_concurrent_submissions_of_one_document_are_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _indexing.SubmitAsync("same", "An apple a day.")));

        await _indexing.WorkOffAsync();

        _indexing.Gateway.Inputs.ShouldBe(["An apple a day."]);
    }

    [Fact]
    public async Task New_content_replaces_the_old_one()
    {
        await _indexing.SubmitAsync("page", "The river rises in the mountains.");
        await _indexing.WorkOffAsync();
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        await _indexing.WorkOffAsync();

        (await _indexing.FindAsync("river")).ShouldBeEmpty();
        (await _indexing.FindAsync("apple")).Select(passage => passage.Text).ShouldBe(["An apple grows on a tree."]);
    }

    [Fact]
    public async Task Result_of_an_outdated_content_is_thrown_away()
    {
        await _indexing.SubmitAsync("page", "The river rises in the mountains.");
        var outdated = (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        await _indexing.Worker.IndexAsync(outdated, TestContext.Current.CancellationToken);

        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Queued);
        await _indexing.WorkOffAsync();
        (await _indexing.FindAsync("apple")).Select(passage => passage.Text).ShouldBe(["An apple grows on a tree."]);
    }

    [Fact]
    public async Task Document_of_a_worker_that_died_is_taken_over_when_its_lease_ends()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();

        await _indexing.WorkOffAsync();
        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Processing);
        _indexing.Clock.Advance(TimeSpan.FromMinutes(3));
        await _indexing.WorkOffAsync();

        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Worker_keeps_its_lease_through_slow_batches()
    {
        await _indexing.SubmitAsync("page", FourBatches);
        var document = (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        _indexing.Gateway.Meanwhile = async () =>
        {
            _indexing.Clock.Advance(TimeSpan.FromMinutes(1));
            (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
        };

        await _indexing.Worker.IndexAsync(document, TestContext.Current.CancellationToken);

        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Worker_that_lost_its_lease_buys_nothing_more_and_changes_nothing()
    {
        await _indexing.SubmitAsync("page", FourBatches);
        var late = (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        _indexing.Clock.Advance(TimeSpan.FromMinutes(3));
        var taken = (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();

        await _indexing.Worker.IndexAsync(late, TestContext.Current.CancellationToken);
        _indexing.Gateway.Inputs.ShouldBeEmpty();
        await _indexing.Queue.ReturnAsync(late, new Setback("late", "late", SetbackKind.Permanent), TestContext.Current.CancellationToken);
        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Processing);

        await _indexing.Worker.IndexAsync(taken, TestContext.Current.CancellationToken);
        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Lease_lost_during_the_last_batch_leaves_the_result_to_the_next_worker()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        var late = (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        _indexing.Gateway.Meanwhile = async () =>
        {
            _indexing.Clock.Advance(TimeSpan.FromMinutes(3));
            (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        };

        await _indexing.Worker.IndexAsync(late, TestContext.Current.CancellationToken);

        var status = await _indexing.StatusAsync("page");
        (status.State, status.ChunkCount).ShouldBe((DocumentState.Processing, 0));
    }

    [Fact]
    public async Task Document_whose_workers_always_die_fails_in_the_end()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        var tries = 0;
        while (await _indexing.Queue.TakeAsync(TestContext.Current.CancellationToken) is not null)
        {
            tries++;
            _indexing.Clock.Advance(TimeSpan.FromMinutes(3));
        }

        tries.ShouldBe(new IngestionOptions().MaxTries);
        var status = await _indexing.StatusAsync("page");
        status.State.ShouldBe(DocumentState.Failed);
        status.FailureReason.ShouldContain("interrupted");
        _indexing.News.Waiting.TryRead(out var told).ShouldBeTrue();
        (told!.TenantId, told.Collection, told.DocumentId, told.Reason).ShouldBe(("acme", "help", "page", status.FailureReason));
        _indexing.News.Waiting.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Gateway_that_is_away_only_delays()
    {
        _indexing.Gateway.Failure = StatusCode.Unavailable;
        await _indexing.SubmitAsync("page", "An apple grows on a tree.");
        await _indexing.WorkOffAsync();
        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Queued);

        _indexing.Gateway.Failure = null;
        _indexing.Clock.Advance(TimeSpan.FromMinutes(1));
        await _indexing.WorkOffAsync();

        (await _indexing.StatusAsync("page")).State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Another_embedder_never_mixes_its_vectors_in()
    {
        await _indexing.SubmitAsync("one", "An apple grows on a tree.");
        await _indexing.WorkOffAsync();
        _indexing.Gateway.Model = "words-2";
        await _indexing.SubmitAsync("two", "The river rises in the mountains.");
        for (var tries = 0; tries < new IngestionOptions().MaxTries; tries++)
        {
            await _indexing.WorkOffAsync();
            _indexing.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        var status = await _indexing.StatusAsync("two");
        (status.State, status.FailureCode).ShouldBe((DocumentState.Failed, "embedder_changed"));
        status.FailureReason.ShouldContain("words-1");
        (await _indexing.Search.SearchAsync(new PassageQuery("acme", "help", "river", 10) { Mode = SearchMode.Vector }, TestContext.Current.CancellationToken))
            .ShouldBeOfType<SearchResult.EmbedderAway>();
        _indexing.Gateway.Model = "words-1";
        (await _indexing.FindAsync("apple")).Select(passage => passage.DocumentId).ShouldBe(["one"]);
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other()
    {
        await _indexing.SubmitAsync("page", "An apple grows on a tree.", tenant: "acme");
        await _indexing.SubmitAsync("page", "The river rises in the mountains.", tenant: "zenith");
        await _indexing.WorkOffAsync();

        (await _indexing.FindAsync("apple", tenant: "zenith")).ShouldBeEmpty();
        (await _indexing.FindAsync("river", tenant: "zenith")).Select(passage => passage.Text).ShouldBe(["The river rises in the mountains."]);
    }

    [Theory]
    [InlineData("", "text", "document_id")]
    [InlineData("id", "  ", "text")]
    [InlineData("id", "nul \0", "text")]
    [InlineData("nul \0", "text", "document_id")]
    [InlineData("id", "text", "title", "nul \0")]
    [InlineData(null, "text", "document_id")]
    [InlineData("id", null, "text")]
    [InlineData("id", "text", "title", null)]
    public async Task Bad_submission_names_the_member(string? document, string? text, string member, string? title = "") =>
        (await _indexing.SubmitAsync(document!, text!, title: title!)).ShouldBeOfType<IntakeResult.Rejected>().Param.ShouldBe(member);

    [Fact]
    public async Task Id_that_no_document_can_have_is_not_found() =>
        (await _indexing.Intake.FindAsync("acme", "help", "nul \0", TestContext.Current.CancellationToken)).ShouldBeNull();

    [Fact]
    public async Task Bad_collection_name_is_refused() =>
        (await _indexing.SubmitAsync("id", "text", collection: "No Such Name")).ShouldBeOfType<IntakeResult.Rejected>().Param.ShouldBe("collection");
}
