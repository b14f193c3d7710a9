using Orchestration.Benchmarks.Ledger;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Outages;

/// <summary>Stops one part after the other under load with keys, limits, budgets and ledger on, then tells a gateway with live streams to end.</summary>
internal sealed class OutagesMeasurement(OutagesPlan plan)
{
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = await SystemUnderTest.StartAsync(new Dictionary<string, string>(), cancellationToken, plan.Built);
        using var simulator = new SimulatorAdmin(system.Simulator);
        await simulator.SpeedAsync(1, cancellationToken);
        await simulator.ShapeAsync(plan.Model, 50, 8, 40, cancellationToken);
        var accounts = await OutageAccounts.CreateAsync(system, plan.Parts.Count, cancellationToken);
        var verdict = new Verdict("outages");
        using var clients = new OutageClients(() => system.Gateway, accounts, plan.Model.ToString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = clients.RunAsync(plan.Clients, stop.Token);
        Screen.Note($"warming up");
        await Task.Delay(plan.Calm, _time, cancellationToken);
        var outages = new List<Outage>();
        foreach (var (part, unmet) in plan.Parts.Zip(accounts.Unmet))
            outages.Add(await EndureAsync(part, unmet, system, accounts, cancellationToken));
        await stop.CancelAsync();
        await sending;
        new OutageJudge(plan, clients).Judge(outages, verdict);
        await CompareAsync(system, clients, simulator, verdict, cancellationToken);
        if (plan.Streams > 0)
            await new DrainMeasurement(plan, system, simulator, accounts).RunAsync(verdict, cancellationToken);
        return verdict.Close();
    }

    private async Task<Outage> EndureAsync(string part, string unmet, SystemUnderTest system, OutageAccounts accounts, CancellationToken cancellationToken)
    {
        var before = _time.GetTimestamp();
        await Task.Delay(plan.Calm, _time, cancellationToken);
        Screen.Note($"{part} stops for {plan.Outage.TotalSeconds:0} s");
        using var probes = new OutageProbes(system, accounts, unmet, plan.Model.ToString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = _time.GetTimestamp();
        var probing = probes.RunAsync(stop.Token);
        await new FaultInjector(system).FreezeAsync(part, plan.Outage, cancellationToken);
        await stop.CancelAsync();
        var ended = _time.GetTimestamp();
        await probing;
        await Task.Delay(plan.Calm, _time, cancellationToken);
        return new Outage(part, before, began, ended, _time.GetTimestamp(), probes);
    }

    private async Task CompareAsync(SystemUnderTest system, OutageClients clients, SimulatorAdmin simulator, Verdict verdict, CancellationToken cancellationToken)
    {
        var ledger = new LedgerPlan
        {
            Model = plan.Model, Requests = 0, Clients = plan.Clients, Kills = 0, Stops = 0, Seed = 0, Longest = plan.Drain, Freeze = plan.Outage, MaxRatio = null,
            Drain = plan.Drain, Sweep = null, MaxLost = 0, MaxDuplicated = 0, Built = plan.Built,
        };
        var history = await History.CatchUpAsync(ledger, system, clients.Records, simulator, cancellationToken);
        Screen.Note($"the ledger caught up in {history.Took.TotalSeconds:0} s");
        history.Judge(verdict, ledger);
        verdict.Require(history.Open == 0, $"{history.Open} rows are open");
        AnsiConsole.WriteLine();
    }
}

/// <summary>One outage: timestamps of the calm before it, of its two ends and of the end of the calm after it, and what was probed meanwhile.</summary>
internal sealed record Outage(string Part, long Before, long Began, long Ended, long After, OutageProbes Probes);
