using System.CommandLine;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Retrieval;

internal static class RetrievalCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of collections in BEIR's layout (corpus.jsonl, queries.jsonl, qrels.tsv), each in a folder of its own.",
        DefaultValueFactory = _ => Path.GetFullPath(Path.Combine(RepositoryRoot.Path, "..", "shared", "eval", "retrieval")),
    };

    private static readonly Option<string[]> Sets = new("--set") { Description = "Names of collections; all when not given." };
    private static readonly Option<int> Queries = new("--queries") { Description = "Most queries of each collection.", DefaultValueFactory = _ => 5_000 };
    private static readonly Option<int> Random = new("--random-queries") { Description = "Most queries of each collection against random vectors; 0 leaves them out.", DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Sweep = new("--sweep-queries") { Description = "Most queries of each collection in the sweep over weights; 0 leaves it out.", DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Foreign = new("--foreign-queries") { Description = "Searches of three tenants whose collections have one name, to see whether one finds another's; 0 leaves them out.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<double> MaxLoss = new("--max-loss") { Description = "Bar on what the hybrid search may lose against text, nDCG@10.", DefaultValueFactory = _ => 0.005 };
    private static readonly Option<double> MaxRandomLoss = new("--max-random-loss") { Description = "Bar on what random vectors may cost, nDCG@10.", DefaultValueFactory = _ => 0.01 };

    public static Command Create()
    {
        var command = new Command("retrieval", "Quality and latency of search by text, by vectors and by both, on judged collections, through the service's own code and a database.")
        {
            Data, Sets, Queries, Random, Sweep, Foreign, MaxLoss, MaxRandomLoss,
        };
        command.SetAction((arguments, cancellationToken) => new RetrievalMeasurement(new RetrievalPlan
        {
            Data = arguments.GetRequiredValue(Data),
            Sets = arguments.GetValue(Sets) ?? [],
            Queries = arguments.GetValue(Queries),
            RandomQueries = arguments.GetValue(Random),
            SweepQueries = arguments.GetValue(Sweep),
            ForeignQueries = arguments.GetValue(Foreign),
            MaxLoss = arguments.GetValue(MaxLoss),
            MaxRandomLoss = arguments.GetValue(MaxRandomLoss),
        }).RunAsync(cancellationToken));
        return command;
    }
}

internal sealed record RetrievalPlan
{
    public required string Data { get; init; }
    public required IReadOnlyList<string> Sets { get; init; }
    public required int Queries { get; init; }
    public required int RandomQueries { get; init; }
    public required int SweepQueries { get; init; }
    public required int ForeignQueries { get; init; }
    public required double MaxLoss { get; init; }
    public required double MaxRandomLoss { get; init; }
}
