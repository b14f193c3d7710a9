using System.CommandLine;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Ann;

internal static class AnnCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder with texts, looked through to its depth (jsonl with a member text, tsv, csv).",
        DefaultValueFactory = _ => Path.GetFullPath(Path.Combine(RepositoryRoot.Path, "..", "shared", "eval")),
    };

    private static readonly Option<int> Chunks = new("--chunks") { Description = "Chunks in the index.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Queries = new("--queries") { Description = "Queries of each kind; their texts are not in the index.", DefaultValueFactory = _ => 200 };
    private static readonly Option<double> MinRecall = new("--min-recall") { Description = "Bar on recall@10 against comparing all, for each kind.", DefaultValueFactory = _ => 0.95 };

    public static Command Create()
    {
        var command = new Command("ann", "Recall and speed of the approximate vector index against comparing all, with and without filters.") { Data, Chunks, Queries, MinRecall };
        command.SetAction((arguments, cancellationToken) => new AnnMeasurement(new AnnPlan(
            arguments.GetRequiredValue(Data), arguments.GetValue(Chunks), arguments.GetValue(Queries), arguments.GetValue(MinRecall))).RunAsync(cancellationToken));
        return command;
    }
}

internal sealed record AnnPlan(string Data, int Chunks, int Queries, double MinRecall);
