using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Semantics;
using Orchestration.Indexing.Tests.Semantics;
using Orchestration.Indexing.Versions;
using Orchestration.Testing;

namespace Orchestration.Indexing.Tests.Versions;

public sealed class IndexBuilderTests(BackingServices services) : IAsyncLifetime
{
    private IndexingHarness _indexing = null!;

    public async ValueTask InitializeAsync()
    {
        _indexing = await IndexingHarness.StartAsync(services, TestContext.Current.CancellationToken, LatentSpace.Model);
        foreach (var (text, i) in SampleTexts.Take(VectorTrial.FewestChunks).Select((text, i) => (text, i)))
            await _indexing.SubmitAsync($"doc{i}", text);
        await _indexing.WorkOffAsync();
    }

    public ValueTask DisposeAsync() => _indexing.DisposeAsync();

    [Fact]
    public async Task Own_space_needs_no_embedder_and_comes_with_growth()
    {
        (await FindAsync("courier", SearchMode.Hybrid)).Mode.ShouldBe(SearchMode.Text);

        (await _indexing.Upkeep.WorkOneAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();

        var found = await FindAsync("courier", SearchMode.Hybrid);
        found.Mode.ShouldBe(SearchMode.Hybrid);
        found.VectorWeight.ShouldBe(VectorTrial.EarnedWeight);
        found.SimilarityThreshold.ShouldBeGreaterThan(0);
        _indexing.Gateway.Inputs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Vectors_find_what_has_none_of_the_words()
    {
        await _indexing.Upkeep.WorkOneAsync(TestContext.Current.CancellationToken);

        // "doorstep" stands beside "courier" elsewhere, so texts of its theme without the word are near too.
        (await FindAsync("doorstep", SearchMode.Vector)).Passages
            .ShouldContain(passage => !passage.Text.Contains("doorstep", StringComparison.Ordinal) && passage.Text.Contains("courier", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Searches_and_writes_go_on_while_an_index_is_built()
    {
        var before = (await FindAsync("river", SearchMode.Text)).IndexVersion;
        var steps = 0;
        (await _indexing.Builder.RebuildAsync("acme", "help", null, Meanwhile, TestContext.Current.CancellationToken)).ShouldBeTrue();

        steps.ShouldBeGreaterThan(1);
        var after = await FindAsync("volcano", SearchMode.Text);
        after.IndexVersion.ShouldNotBe(before);
        after.Passages.Select(passage => passage.DocumentId).ShouldBe(["late"]);
        (await FindAsync("number5", SearchMode.Text)).Passages.ShouldBeEmpty();
        var live = await LiveAsync();
        live.Chunks.ShouldBe(VectorTrial.FewestChunks + 1);

        async Task Meanwhile()
        {
            (await FindAsync("river", SearchMode.Text)).IndexVersion.ShouldBe(before);
            if (steps++ > 0)
                return;
            await _indexing.SubmitAsync("late", "A volcano rises from the sea.");
            await _indexing.SubmitAsync("doc5", "A replaced text.");
            await _indexing.WorkOffAsync();
        }
    }

    [Fact]
    public async Task Replaced_index_is_removed_after_a_while()
    {
        await _indexing.Upkeep.WorkOneAsync(TestContext.Current.CancellationToken);
        (await StatesAsync()).ShouldBe([IndexVersionState.Live, IndexVersionState.Retired], ignoreOrder: true);

        _indexing.Clock.Advance(TimeSpan.FromMinutes(3));
        await _indexing.Upkeep.WorkOneAsync(TestContext.Current.CancellationToken);

        (await StatesAsync()).ShouldBe([IndexVersionState.Live]);
        (await FindAsync("river", SearchMode.Text)).Passages.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Filters_leave_only_what_they_name()
    {
        await _indexing.Upkeep.WorkOneAsync(TestContext.Current.CancellationToken);

        foreach (var mode in (SearchMode[])[SearchMode.Text, SearchMode.Vector, SearchMode.Hybrid])
        {
            (await FindAsync("river", mode, new PassageFilter(["doc2", "doc6"], "", null, null))).Passages
                .ShouldAllBe(passage => passage.DocumentId == "doc2" || passage.DocumentId == "doc6");
            (await FindAsync("river", mode, new PassageFilter([], "doc6", null, null))).Passages
                .ShouldAllBe(passage => passage.DocumentId.StartsWith("doc6"));
            (await FindAsync("river", mode, new PassageFilter([], "", _indexing.Clock.GetUtcNow().AddDays(1), null))).Passages.ShouldBeEmpty();
        }
    }

    private async Task<SearchResult.Found> FindAsync(string text, SearchMode mode, PassageFilter? filter = null) =>
        await _indexing.FindAsync(new PassageQuery("acme", "help", text, 20) { Mode = mode, Filter = filter ?? PassageFilter.None });

    private async Task<IndexVersionRow> LiveAsync()
    {
        await using var session = await TenantSession.OpenAsync(_indexing.Database, "acme", TestContext.Current.CancellationToken);
        return (await IndexVersions.LiveAsync(session.Connection, "acme", "help", TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    private async Task<List<IndexVersionState>> StatesAsync()
    {
        var states = new List<IndexVersionState>();
        await using var command = _indexing.Administrator.CreateCommand("select state from index_versions");
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await row.ReadAsync(TestContext.Current.CancellationToken))
            states.Add((IndexVersionState)row.GetInt32(0));
        return states;
    }
}
