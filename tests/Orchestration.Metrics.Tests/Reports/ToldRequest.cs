using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Tests.Reports;

/// <summary>A request that the ledger was told of, with one attempt.</summary>
internal sealed record ToldRequest(DateTimeOffset StartedAt)
{
    public string Tenant { get; init; } = "";
    public string Project { get; init; } = "";
    public string Key { get; init; } = "";
    public string EndUser { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Route { get; init; } = "";
    public string Class { get; init; } = "";
    public string Purpose { get; init; } = "chat";
    public string? Team { get; init; }
    public string Currency { get; init; } = "CNY";
    public bool Simulated { get; init; }
    public bool Failed { get; init; }
    public decimal Cost { get; init; }
    public decimal? Baseline { get; init; }
    public long Input { get; init; }
    public double Milliseconds { get; init; }

    public static ToldRequest Any(string tenant, Random random, DateTimeOffset from, TimeSpan range) => new(from.AddMinutes(random.Next((int)range.TotalMinutes)))
    {
        Tenant = tenant,
        Project = $"project-{random.Next(3)}",
        Key = $"key-{random.Next(4)}",
        EndUser = $"user-{random.Next(5)}",
        Provider = $"provider-{random.Next(2)}",
        Model = $"model-{random.Next(3)}",
        Route = $"route-{random.Next(2)}",
        Class = random.Next(2) == 0 ? "simple" : "complex",
        Purpose = random.Next(3) == 0 ? "query" : "chat",
        Team = random.Next(3) == 0 ? null : $"team-{random.Next(2)}",
        Simulated = random.Next(6) == 0,
        Failed = random.Next(5) == 0,
        Cost = random.Next(1, 1_000_000_000) / 1_000_000_000_000m,
        Baseline = random.Next(2) == 0 ? null : random.Next(1_000) / 1_000_000m,
        Input = random.Next(10_000),
        Milliseconds = Math.Exp(random.NextDouble() * 10),
    };

    public string ValueOf(string dimension) => dimension switch
    {
        "tenant" => Tenant,
        "project" => Project,
        "key" => Key,
        "end_user" => EndUser,
        "provider" => Provider,
        "model" => Model,
        "route" => Route,
        "class" => Class,
        "purpose" => Purpose,
        "tag" => Team ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    public IReadOnlyList<LedgerEvent> Events()
    {
        var story = LedgerStory.Begin(Tenant, StartedAt);
        var dimensions = story.Dimensions with
        {
            ProjectId = Project, KeyId = Key, EndUser = EndUser, Route = Route, RequestClass = Class, Purpose = Purpose, Currency = Currency,
            Tags = Team is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["team"] = Team },
        };
        var target = story.Started.Target with { Provider = Provider, Model = Model, Simulated = Simulated };
        return
        [
            story.Wrap(story.Admitted with { Dimensions = dimensions, Simulated = Simulated }),
            story.Wrap(story.Started with { Dimensions = dimensions, Target = target }),
            story.Wrap(story.Finished with
            {
                Dimensions = dimensions, Target = target, Outcome = Failed ? "failed" : "succeeded", FailureCode = Failed ? "provider_overloaded" : "",
                Usage = new TokenCounts { Input = Input, Output = 1 }, Billed = Cost, DurationMs = Milliseconds, TimeToFirstTokenMs = Milliseconds / 2,
            }),
            story.Wrap(story.Completed with
            {
                Dimensions = dimensions, Provider = Provider, Model = Model, Status = Failed ? "provider_overloaded" : "ok", Cost = Cost, Baseline = Baseline,
                Simulated = Simulated, CompletedAt = story.StartedAt.AddMilliseconds(Milliseconds), TimeToFirstTokenMs = Milliseconds / 2,
            }),
        ];
    }
}
