using System.Collections.Concurrent;
using System.Globalization;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Policy;

/// <summary>Changes the policy under load, tries to store wrong ones, starts without the database, and does without Routing.</summary>
internal sealed class PolicyMeasurement(PolicyPlan plan)
{
    private const int FewestWrong = 60;
    private const int TimedEvery = 50;
    private const string Unclassified = "classifier_unavailable";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Samples _spread = new();
    private string _active = "";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var stores = await BackingServices.StartAsync(BackingService.Postgres | BackingService.Redis, cancellationToken);
        await using var system = await ChatSystem.StartAsync(stores, plan.Gateways, "", plan.Built, cancellationToken);
        var key = (await system.CreateKeyAsync("USD", cancellationToken)).Secret;
        using (var simulator = new SimulatorAdmin(system.Simulator))
        {
            foreach (var model in MeasuredVersions.Models)
                await simulator.ShapeAsync(model, 0, 0, 8, cancellationToken);
        }

        var versions = await MeasuredVersions.StoreAsync(system.Gateways[0], cancellationToken);
        _active = await system.Gateways[0].ActivePolicyAsync(cancellationToken);
        var load = new SteadyLoad(system.Gateways, key, plan.Rate);
        var verdict = new Verdict("policy");
        await ActivateAsync(system, versions, 0, cancellationToken);
        // Connections, leases and code are warm after it.
        await SpreadAsync(system, key, cancellationToken);
        await UnderLoadAsync(system, versions, load, key, verdict, cancellationToken);
        await RefusedAsync(system, verdict, cancellationToken);
        await WithoutStoreAsync(system, key, verdict, cancellationToken);
        await WithoutRoutingAsync(system, load, key, verdict, cancellationToken);
        return verdict.Close();
    }

    private async Task UnderLoadAsync(ChatSystem system, MeasuredVersions versions, SteadyLoad load, string key, Verdict verdict, CancellationToken cancellationToken)
    {
        Screen.Note($"{plan.Activations} activations at {plan.Rate} requests/s on {plan.Gateways} gateways");
        var (count, seen) = (new LoadCount(), new ConcurrentDictionary<string, int>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = load.RunAsync(_ => MeasuredVersions.Route, (_, answer) =>
        {
            count.Add(answer, versions.ModelOf(answer.Policy) == answer.Model);
            seen.AddOrUpdate(answer.Policy, 1, (_, times) => times + 1);
        }, stop.Token);
        var began = _time.GetTimestamp();
        for (var i = 1; i <= plan.Activations; i++)
        {
            await ActivateAsync(system, versions, i % versions.Numbers.Count, cancellationToken);
            if (i % TimedEvery == 0)
                _spread.Add(await SpreadAsync(system, key, cancellationToken));
            if (i % 200 == 0)
                Screen.Note($"{i} activations, {count.Answered} answers, {count.Failed} failed, {count.Mixed} mixed");
        }

        var took = _time.GetElapsedTime(began);
        _spread.Add(await SpreadAsync(system, key, cancellationToken));
        await stop.CancelAsync();
        await sending;
        Show(count, "during activations");
        verdict.Add($"{plan.Activations} activations in {took.TotalSeconds:0} s under {count.Answered / took.TotalSeconds:0} answers/s: {count.Answered} answered by {seen.Count} versions, {count.Failed} failed, {count.Mixed} not of one version");
        verdict.Add($"on all gateways after {_spread.Quantile(0.5):0} ms (median), {_spread.Quantile(1):0} ms at most");
        verdict.Require(count.Failed == 0, $"{count.Failed} requests failed during activations.");
        verdict.Require(count.Mixed == 0, $"{count.Mixed} answers were not of exactly one version.");
        verdict.Require(count.Answered >= 0.95 * plan.Rate * took.TotalSeconds, "Fewer requests were answered than the rate asks for.");
        verdict.Require(seen.Count == versions.Numbers.Count, $"Only {seen.Count} of {versions.Numbers.Count} versions answered.");
        verdict.AtMost("milliseconds until all gateways plan by an activated version", _spread.Quantile(1), 1_000);
    }

    private static async Task RefusedAsync(ChatSystem system, Verdict verdict, CancellationToken cancellationToken)
    {
        Screen.Note($"{SamplePolicy.Wrong.Count} wrong documents");
        var told = 0;
        foreach (var wrong in SamplePolicy.Wrong)
        {
            var answer = await system.Gateways[0].PostAsync("/admin/v1/policies", new { draft = new { installation = wrong.Yaml } }, cancellationToken);
            var isTold = !answer.TryGetProperty("version", out _) && answer.GetProperty("problems").EnumerateArray()
                .Any(problem => problem.GetProperty("line").GetInt32() == wrong.Line && problem.GetProperty("path").GetString() == wrong.Path);
            told += isTold ? 1 : 0;
            if (!isTold)
                Screen.Wrong($"line {wrong.Line}, {wrong.Path}: {answer}");
        }

        verdict.Add($"{told} of {SamplePolicy.Wrong.Count} wrong documents refused with line and path");
        verdict.Require(told == SamplePolicy.Wrong.Count && told >= FewestWrong, $"{SamplePolicy.Wrong.Count - told} wrong documents were not refused with line and path.");
    }

    private async Task WithoutStoreAsync(ChatSystem system, string key, Verdict verdict, CancellationToken cancellationToken)
    {
        Screen.Note($"Routing starts without its database, and a gateway without a table");
        await system.KillRoutingAsync();
        await system.StartRoutingAsync(withStore: false, cancellationToken);
        var fresh = await system.AddGatewayAsync("gateway-fresh", cancellationToken);
        // Only a Routing that serves says what a prompt is.
        await ClassifiedAsync([fresh], key, cancellationToken);
        var answers = new List<LoadAnswer>();
        foreach (var model in (string[])[MeasuredVersions.Route, "auto", "openai/gpt-4.1-mini"])
            answers.Add(await SteadyLoad.AskAsync(fresh, key, model, stream: false, cancellationToken));
        foreach (var answer in answers)
            Screen.Note($"{answer.Asked}: {answer.Failure ?? "answered"}, policy {answer.Policy}, warnings '{answer.Warnings}'");
        var isServed = answers.TrueForAll(answer => answer.Failure is null && answer.Policy == _active);
        verdict.Add($"cold start without PostgreSQL {(isServed ? "serves" : "does not serve")} version {_active}");
        verdict.Require(isServed, "A cold start without PostgreSQL does not serve the last good policy.");
    }

    private async Task WithoutRoutingAsync(ChatSystem system, SteadyLoad load, string key, Verdict verdict, CancellationToken cancellationToken)
    {
        const string Explicit = "openai/gpt-4.1-mini";
        await system.KillRoutingAsync();
        await system.StartRoutingAsync(withStore: true, cancellationToken);
        await ClassifiedAsync(system.Gateways, key, cancellationToken);
        var before = await ExplicitAsync(load, Explicit, TimeSpan.FromSeconds(Math.Min(10, plan.Away.TotalSeconds)), cancellationToken);
        Screen.Note($"Routing is killed for {plan.Away.TotalSeconds:0} s");
        await system.KillRoutingAsync();
        var (named, auto) = (new LoadCount(), new LoadCount());
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            stop.CancelAfter(plan.Away);
            await load.RunAsync(number => number / plan.Gateways % 3 == 0 ? "auto" : Explicit, (_, answer) =>
            {
                var isWhole = answer.Policy == _active && (answer.Asked == Explicit
                    ? answer.Model == "gpt-4.1-mini" && !answer.Warnings.Contains(Unclassified, StringComparison.Ordinal)
                    : answer.Warnings.Contains(Unclassified, StringComparison.Ordinal));
                (answer.Asked == Explicit ? named : auto).Add(answer, isWhole);
            }, stop.Token);
        }

        var start = _time.GetTimestamp();
        await system.StartRoutingAsync(withStore: true, cancellationToken);
        await ClassifiedAsync(system.Gateways, key, cancellationToken);
        var back = _time.GetElapsedTime(start);
        Show(before, "explicit model, Routing there");
        Show(named, "explicit model, Routing killed");
        Show(auto, "auto, Routing killed");
        verdict.Add($"Routing killed for {plan.Away.TotalSeconds:0} s: explicit {named.Answered} answered, {named.Failed} failed, {named.Mixed} not as before, p50 {before.Quantile(0.5):0.0} then {named.Quantile(0.5):0.0} ms");
        verdict.Add($"auto {auto.Answered} answered, {auto.Failed} failed, {auto.Mixed} without warning or by another table, p50 {auto.Quantile(0.5):0.0} ms; classified again {back.TotalSeconds:0.0} s after the restart began");
        verdict.Require(named is { Failed: 0, Mixed: 0, Answered: > 0 }, "Explicit models suffered while Routing was killed.");
        verdict.Require(auto is { Failed: 0, Mixed: 0, Answered: > 0 }, "auto failed, gave no warning or left its table while Routing was killed.");
    }

    private static async Task<LoadCount> ExplicitAsync(SteadyLoad load, string model, TimeSpan duration, CancellationToken cancellationToken)
    {
        var count = new LoadCount();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(duration);
        await load.RunAsync(_ => model, (_, answer) => count.Add(answer, isWhole: true), stop.Token);
        return count;
    }

    private async Task ActivateAsync(ChatSystem system, MeasuredVersions versions, int place, CancellationToken cancellationToken)
    {
        var expected = _active;
        _active = versions.Numbers[place];
        await system.Gateways[0].ActivatePolicyAsync(_active, expected, cancellationToken);
    }

    // Until every gateway answers by the active version.
    private async Task<double> SpreadAsync(ChatSystem system, string key, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        await Task.WhenAll(system.Gateways.Select(gateway =>
            UntilAsync(async () => (await SteadyLoad.AskAsync(gateway, key, MeasuredVersions.Route, stream: false, cancellationToken)).Policy == _active, cancellationToken)));
        return _time.GetElapsedTime(start).TotalMilliseconds;
    }

    // Until every gateway has its requests classified.
    private Task ClassifiedAsync(IEnumerable<ChatGateway> gateways, string key, CancellationToken cancellationToken) => Task.WhenAll(gateways.Select(gateway => UntilAsync(async () =>
        await SteadyLoad.AskAsync(gateway, key, "auto", stream: false, cancellationToken) is { Failure: null } answer && !answer.Warnings.Contains(Unclassified, StringComparison.Ordinal), cancellationToken)));

    private async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (!await holds())
        {
            if (_time.GetElapsedTime(start) > Patience)
                throw new InvalidOperationException($"A gateway does not plan by policy {_active} after {Patience.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancellationToken);
        }
    }

    private static void Show(LoadCount count, string phase)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(Markup.Escape(phase), "answered", "failed", "not as it should be", "p50 ms", "p99 ms");
        table.AddRow("", $"{count.Answered}", $"{count.Failed}", $"{count.Mixed}", count.Quantile(0.5).Text("0.0"), count.Quantile(0.99).Text("0.0"));
        AnsiConsole.Write(table);
        foreach (var (failure, times) in count.Failures.OrderByDescending(failure => failure.Value).Take(5))
            Screen.Wrong($"{times} x {failure}");
    }
}
