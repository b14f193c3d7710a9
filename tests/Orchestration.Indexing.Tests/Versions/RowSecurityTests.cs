using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Versions;
using Orchestration.Testing;

namespace Orchestration.Indexing.Tests.Versions;

public sealed class RowSecurityTests(BackingServices services) : IAsyncLifetime
{
    private static readonly string[] Tenants = ["acme", "zenith", "omega"];
    private static readonly string[] Words = ["river", "apple", "parcel", "invoice", "退货"];
    private IndexingHarness _indexing = null!;

    public async ValueTask InitializeAsync()
    {
        _indexing = await IndexingHarness.StartAsync(services, TestContext.Current.CancellationToken);
        foreach (var tenant in Tenants)
        {
            foreach (var word in Words)
                await _indexing.SubmitAsync($"{tenant}-{word}", $"{word} of {tenant}", tenant);
        }

        await _indexing.WorkOffAsync();
    }

    public ValueTask DisposeAsync() => _indexing.DisposeAsync();

    [Theory]
    [InlineData("index_versions")]
    [InlineData("index_entries")]
    [InlineData("postings")]
    [InlineData("vectors")]
    public async Task Session_that_names_no_tenant_reads_nothing(string table)
    {
        await using var command = _indexing.Database.CreateCommand($"select count(*) from {table}");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task Partition_cannot_be_read_beside_its_parent()
    {
        await using var find = _indexing.Administrator.CreateCommand("select min(id) from index_versions");
        var index = await find.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await using var session = await TenantSession.OpenAsync(_indexing.Database, "acme", TestContext.Current.CancellationToken);
        await using var command = session.Connection.Statement($"select count(*) from postings_{index}");

        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task Thousand_searches_of_several_tenants_find_no_foreign_passage()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, cancellationToken) =>
        {
            var random = new Random(number);
            var tenant = Tenants[random.Next(Tenants.Length)];
            var words = string.Join(' ', random.GetItems(Words, 2));
            var found = (await _indexing.Search.SearchAsync(new PassageQuery(tenant, "help", words, 100) { Mode = SearchMode.Text }, cancellationToken))
                .ShouldBeOfType<SearchResult.Found>();

            found.Passages.ShouldNotBeEmpty();
            found.Passages.ShouldAllBe(passage => passage.DocumentId.StartsWith(tenant));
        });
    }
}
