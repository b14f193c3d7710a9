using System.CommandLine;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Cache;

internal static class CacheCommand
{
    private static readonly Option<string> Data = new("--eval")
    {
        Description = "Folder with semantic-cache/ and support/.",
        DefaultValueFactory = _ => Path.GetFullPath(Path.Combine(RepositoryRoot.Path, "..", "shared", "eval")),
    };

    private static readonly Option<string[]> Sets = new("--set") { Description = "Sets to replay; all without it.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Embedders = new("--embedder")
    {
        Description = "lexical, simulator or both.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [ReplayEmbedder.Lexical.Name, ReplayEmbedder.Simulator.Name],
    };

    private static readonly Option<double> Budget = new("--budget") { Description = "Budget of false hits.", DefaultValueFactory = _ => 0.01 };
    private static readonly Option<int> Seeds = new("--seeds") { Description = "Orders of the traffic.", DefaultValueFactory = _ => 3 };

    public static Command Create()
    {
        var command = new Command("cache", "False hits and hit rate of the semantic cache on replayed questions, after it has learnt in shadow mode.") { Data, Sets, Embedders, Budget, Seeds };
        command.SetAction((arguments, _) => Task.FromResult(new CacheMeasurement(new CachePlan(
            arguments.GetValue(Data)!,
            arguments.GetValue(Sets) ?? [],
            arguments.GetValue(Embedders)!,
            arguments.GetValue(Budget),
            arguments.GetValue(Seeds))).Run()));
        return command;
    }
}

/// <param name="Folder">Where the sets are.</param>
/// <param name="Sets">Names of sets; empty for all.</param>
/// <param name="Embedders">Names of embedders.</param>
/// <param name="Budget">Budget of false hits.</param>
/// <param name="Seeds">Orders of the traffic.</param>
internal sealed record CachePlan(string Folder, string[] Sets, string[] Embedders, double Budget, int Seeds);
