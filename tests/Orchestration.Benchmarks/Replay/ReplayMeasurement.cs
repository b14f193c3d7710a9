using Orchestration.Benchmarks.Running;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Replay;

/// <summary>Sends one day to the services four times: all to the strongest model, all to the cheapest, half and half, and by auto.</summary>
internal sealed class ReplayMeasurement(ReplayPlan plan)
{
    private static readonly Dictionary<(string, string), double> NoPriors = [];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (ScoredRows.Read(plan.Folder) is not { } rows)
        {
            Console.WriteLine($"replay: skipped, there is no routing data in {plan.Folder}");
            return 0;
        }

        var models = ReplayModel.Of(rows);
        var known = rows.Known.Take(plan.Priors).ToList();
        var strong = models.MaxBy(model => known.Average(row => row.Scores[model.Id]))!;
        var cheapest = models.OrderBy(model => model.PricePerMillion).ThenByDescending(model => known.Average(row => row.Scores[model.Id])).First();
        var policy = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(policy, ReplayPolicy.Yaml(models, strong, cheapest, new AutoWeights(1, 0), NoPriors), cancellationToken);
            await using var stores = await BackingServices.StartAsync(BackingService.Postgres | BackingService.Redis, cancellationToken);
            await using var system = await ChatSystem.StartAsync(stores, 1, policy, plan.Built, cancellationToken);
            var key = await system.CreateKeyAsync("USD", cancellationToken);
            Screen.Note($"{known.Count} rows that are not replayed tell what to expect of {models.Count} models");
            var classes = await RowClasses.FindAsync(system.Gateways[0], key.TenantId, known, cancellationToken);
            var priors = RowClasses.PriorsOf(classes, models);
            var weights = AutoWeights.Choose(classes, models, strong, priors, plan.Keep);
            ShowClasses(classes, priors, models, weights);
            var version = await system.Gateways[0].StorePolicyAsync(ReplayPolicy.Yaml(models, strong, cheapest, weights, priors), cancellationToken);
            await system.Gateways[0].ActivatePolicyAsync(version, await system.Gateways[0].ActivePolicyAsync(cancellationToken), cancellationToken);
            var days = await RunDaysAsync(system, key.Secret, models, rows, (strong, cheapest), cancellationToken);
            return new ReplayReport(plan, strong, cheapest, weights).Close(days);
        }
        finally
        {
            File.Delete(policy);
        }
    }

    private async Task<List<DayResult>> RunDaysAsync(
        ChatSystem system, string key, IReadOnlyList<ReplayModel> models, ScoredRows rows, (ReplayModel Strong, ReplayModel Cheapest) ends, CancellationToken cancellationToken)
    {
        using var simulator = new SimulatorAdmin(system.Simulator);
        await simulator.SpeedAsync(plan.Speed, cancellationToken);
        foreach (var model in models)
            await simulator.LengthAsync(model.Name, plan.Tokens, cancellationToken);
        var replayed = rows.Replayed.Take(plan.Requests).ToList();
        var days = new List<DayResult>();
        foreach (var (name, asked) in ((string, string)[])[("all strong", ends.Strong.Key), ("all cheapest", ends.Cheapest.Key), ("half and half", ReplayPolicy.Half), ("auto", ReplayPolicy.Auto)])
        {
            Screen.Note($"{name}: {replayed.Count} requests in {plan.Day.TotalSeconds} s");
            // What one day taught must not help the next.
            var gateway = await system.AddGatewayAsync($"gateway-{days.Count + 1}", cancellationToken);
            days.Add(await new ReplayDay(plan, gateway, key, simulator, models).RunAsync(name, asked, replayed, cancellationToken));
        }

        return days;
    }

    private static void ShowClasses(
        IReadOnlyList<(ScoredRow Row, string Class)> classes, Dictionary<(string Class, string Model), double> priors, IReadOnlyList<ReplayModel> models, AutoWeights weights)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns((string[])["model", "USD per million", .. ReplayPolicy.Classes.Select(name => $"{name} ({classes.Count(row => row.Class == name)})")]);
        foreach (var model in models.OrderByDescending(model => priors[(ReplayPolicy.Classes[1], model.Id)]))
            table.AddRow((string[])[Markup.Escape(model.Key), $"{model.PricePerMillion}", .. ReplayPolicy.Classes.Select(name => priors[(name, model.Id)].Text("0.000"))]);
        AnsiConsole.Write(table);
        Screen.Note($"weights of auto: quality {weights.Quality}, economy {weights.Economy}");
    }
}
