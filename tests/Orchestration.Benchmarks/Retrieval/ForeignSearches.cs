using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Semantics;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>Random searches of tenants that have the same documents under the same names: each must only ever find its own.</summary>
internal sealed class ForeignSearches(SearchService service, BeirSet set, int count)
{
    private const string Collection = "shared-name";
    private const int Documents = 60;
    private const int QueryLength = 40;
    private static readonly string[] Tenants = ["one", "two", "three"];
    private static readonly SearchMode[] Modes = [SearchMode.Text, SearchMode.Hybrid, SearchMode.Vector];

    public async Task RunAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        foreach (var tenant in Tenants)
        {
            var own = set.Documents.Take(Documents).Select(document => (
                document with { Id = $"{tenant}/{document.Id}" }, (IReadOnlyList<string>)[document.Text], DateTimeOffset.UnixEpoch));
            await service.AddAsync(Collection, LatentSpace.Model, own, cancellationToken, tenant);
            await service.Builder.RebuildAsync(tenant, Collection, null, () => Task.CompletedTask, cancellationToken);
        }

        var texts = set.Documents.Select(document => document.Text).Where(text => text.Length > QueryLength).ToArray();
        var (found, foreign) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (number, token) =>
        {
            var random = new Random(number);
            var tenant = Tenants[random.Next(Tenants.Length)];
            var text = texts[random.Next(texts.Length)];
            var query = new PassageQuery(tenant, Collection, text.Substring(random.Next(text.Length - QueryLength), QueryLength), 100) { Mode = Modes[number % Modes.Length] };
            foreach (var passage in (await service.FindAsync(query, token)).Passages)
            {
                Interlocked.Increment(ref found);
                if (!passage.DocumentId.StartsWith(tenant + "/", StringComparison.Ordinal))
                    Interlocked.Increment(ref foreign);
            }
        });
        verdict.Add($"{count} searches of three tenants: {found} passages, {foreign} foreign");
        verdict.Require(foreign == 0, $"{foreign} passages were another tenant's");
    }
}
