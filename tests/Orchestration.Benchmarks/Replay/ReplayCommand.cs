using System.CommandLine;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Replay;

internal static class ReplayCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the evaluation data, with routing/ in it.",
        DefaultValueFactory = _ => Path.GetFullPath(Path.Combine(RepositoryRoot.Path, "..", "shared", "eval")),
    };

    private static readonly Option<int> Requests = new("--requests") { Description = "Requests of the day; at most half of the rows.", DefaultValueFactory = _ => 2_000 };
    private static readonly Option<int> Priors = new("--priors") { Description = "Rows of the other half that quality is expected by.", DefaultValueFactory = _ => 1_500 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Seconds that the day is compressed to.", DefaultValueFactory = _ => 60 };
    private static readonly Option<double> Speed = new("--speed") { Description = "Factor on the delays of providers.", DefaultValueFactory = _ => 0.1 };
    private static readonly Option<int> Tokens = new("--tokens") { Description = "Length of every answer.", DefaultValueFactory = _ => 200 };
    private static readonly Option<double> Keep = new("--keep") { Description = "Part of the strong model's quality that the weights of auto are chosen for.", DefaultValueFactory = _ => 0.96 };
    private static readonly Option<bool> Built = new("--built") { Description = "Take the programs as they were built instead of building them first." };

    public static Command Create()
    {
        var command = new Command("replay", "Replays a day of prompts with known quality of answers through the services: cost, time and quality by four ways to choose.")
        {
            Data, Requests, Priors, Seconds, Speed, Tokens, Keep, Built,
        };
        command.SetAction((arguments, cancellationToken) => new ReplayMeasurement(new ReplayPlan(
            arguments.GetValue(Data)!,
            arguments.GetValue(Requests),
            arguments.GetValue(Priors),
            TimeSpan.FromSeconds(arguments.GetValue(Seconds)),
            arguments.GetValue(Speed),
            arguments.GetValue(Tokens),
            arguments.GetValue(Keep),
            arguments.GetValue(Built))).RunAsync(cancellationToken));
        return command;
    }
}

/// <summary>What a run of the verb does.</summary>
internal sealed record ReplayPlan(string Folder, int Requests, int Priors, TimeSpan Day, double Speed, int Tokens, double Keep, bool Built);
