using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Tests.Semantics;
using Orchestration.Indexing.Versions;
using Orchestration.Testing;

namespace Orchestration.Indexing.Tests.Postings;

public sealed class IndexStatisticsTests(BackingServices services) : IAsyncLifetime
{
    private IndexingHarness _indexing = null!;

    public async ValueTask InitializeAsync() => _indexing = await IndexingHarness.StartAsync(services, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _indexing.DisposeAsync();

    [Fact]
    public async Task Totals_stay_exact_through_inserts_replacements_and_removals()
    {
        var texts = SampleTexts.Take(60).ToArray();
        for (var i = 0; i < 40; i++)
            await _indexing.SubmitAsync($"doc{i}", texts[i]);
        await _indexing.WorkOffAsync();
        for (var i = 0; i < 20; i++)
            await _indexing.SubmitAsync($"doc{i}", texts[40 + i] + " and more of it");
        await _indexing.WorkOffAsync();
        await RemoveAsync("doc3", "doc30");

        var live = await LiveAsync();
        (live.Chunks, live.Terms).ShouldBe(await CountAsync());
        live.Chunks.ShouldBe(38);
    }

    [Fact]
    public async Task Scores_are_those_of_bm25_over_what_is_there_now()
    {
        await _indexing.SubmitAsync("gone", "river river river");
        await _indexing.SubmitAsync("one", "river parcel");
        await _indexing.SubmitAsync("two", "river apple apple invoice");
        await _indexing.SubmitAsync("three", "invoice");
        await _indexing.WorkOffAsync();
        await RemoveAsync("gone");

        var found = await _indexing.FindAsync(new PassageQuery("acme", "help", "river", 10) { Mode = SearchMode.Text, Explain = true });

        // Three chunks of seven terms, two of them with the term.
        var idf = Math.Log(1 + (1.5 / 2.5));
        found.Passages.Select(passage => passage.DocumentId).ShouldBe(["one", "two"]);
        found.Passages[0].Scores.Text.ShouldBe(idf / (1 + (1.2 * (0.48 + (0.52 * 2 * 3 / 7.0)))), 1e-9);
        found.Passages[1].Scores.Text.ShouldBe(idf / (1 + (1.2 * (0.48 + (0.52 * 4 * 3 / 7.0)))), 1e-9);
        found.Passages[0].Scores.Terms.ShouldHaveSingleItem().Term.ShouldBe("river");
    }

    [Fact]
    public async Task Removed_document_leaves_no_row_behind()
    {
        await _indexing.SubmitAsync("page", "The river rises in the mountains.");
        await _indexing.WorkOffAsync();
        await RemoveAsync("page");

        foreach (var table in (string[])["index_entries", "postings", "vectors"])
            (await ScalarAsync($"select count(*) from {table}")).ShouldBe(0);
    }

    [Fact]
    public async Task Deleted_collection_takes_its_indexes_along()
    {
        await _indexing.SubmitAsync("page", "The river rises in the mountains.");
        await _indexing.WorkOffAsync();
        var live = await LiveAsync();
        await ExecuteAsync("delete from documents; delete from collections");

        await _indexing.Upkeep.DropClosedAsync(TestContext.Current.CancellationToken);

        (await ScalarAsync("select count(*) from postings")).ShouldBe(0);
        (await ScalarAsync($"select count(*) from pg_class where relname like 'postings\\_{live.Id}%' or relname like 'vectors\\_{live.Id}%'")).ShouldBe(0);
    }

    private async Task RemoveAsync(params string[] documents)
    {
        foreach (var document in documents)
        {
            await using var session = await TenantSession.OpenAsync(_indexing.Database, "acme", TestContext.Current.CancellationToken);
            await using var find = new NpgsqlCommand("select id from documents where external_id = $1", session.Connection) { Parameters = { new() { Value = document } } };
            var id = (Guid)(await find.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            await ChunkIndexer.RemoveAsync(session.Connection, "acme", "help", id, TestContext.Current.CancellationToken);
            await session.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<IndexVersionRow> LiveAsync()
    {
        await using var session = await TenantSession.OpenAsync(_indexing.Database, "acme", TestContext.Current.CancellationToken);
        return (await IndexVersions.LiveAsync(session.Connection, "acme", "help", TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    private async Task<(int Chunks, long Terms)> CountAsync() => (
        (int)await ScalarAsync("select count(*) from index_entries"),
        await ScalarAsync("select sum(frequency) from postings"));

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _indexing.Administrator.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _indexing.Administrator.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
