using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Stops RabbitMQ for minutes while requests run: they must not feel it, and the ledger must have them all afterwards.</summary>
internal sealed class FrozenBrokerMeasurement(LedgerPlan plan)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = await SystemUnderTest.StartAsync(
            new Dictionary<string, string> { ["Orchestration__RestartCrashed"] = "true" }, cancellationToken, plan.Built);
        using var simulator = new SimulatorAdmin(system.Simulator);
        await simulator.SpeedAsync(1, cancellationToken);
        await simulator.ShapeAsync(plan.Model, 50, 8, 40, cancellationToken);
        using var clients = new ClientJournal(() => system.Gateway, system.DevelopmentKey, plan.Model.ToString(), int.MaxValue);
        var faults = new FaultInjector(system);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = clients.RunAsync(plan.Clients, time.Token);
        var (before, frozen) = await MeasureAsync(clients, faults, cancellationToken);
        await time.CancelAsync();
        await sending;
        var history = await History.CatchUpAsync(plan, system, clients.Records, simulator, cancellationToken);
        history.Print(clients);
        return Verdict(clients, before, frozen, history);
    }

    private Task<(Samples Before, Samples Frozen)> MeasureAsync(ClientJournal clients, FaultInjector faults, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("warming up", async status =>
        {
            await Task.Delay(WarmUp, TimeProvider.System, cancellationToken);
            var began = TimeProvider.System.GetTimestamp();
            status.Status($"{plan.Freeze.TotalSeconds:0} s with the broker");
            await Task.Delay(plan.Freeze, TimeProvider.System, cancellationToken);
            var stopped = TimeProvider.System.GetTimestamp();
            status.Status($"{plan.Freeze.TotalSeconds:0} s without");
            await faults.FreezeAsync("messaging", plan.Freeze, cancellationToken);
            var ended = TimeProvider.System.GetTimestamp();
            return (Between(clients, began, stopped), Between(clients, stopped, ended));
        });

    private static Samples Between(ClientJournal clients, long from, long to)
    {
        var samples = new Samples();
        samples.Add(clients.Records.Where(record => record.Whole && record.Started >= from && record.Started < to).Select(record => record.Milliseconds));
        return samples;
    }

    private int Verdict(ClientJournal clients, Samples before, Samples frozen, History history)
    {
        var verdict = new Verdict("ledger");
        var ratio = frozen.Quantile(0.99) / before.Quantile(0.99);
        verdict.Add($"broker frozen {plan.Freeze.TotalSeconds:0} s under {plan.Clients} clients: p50 {frozen.Quantile(0.5):0} ms ({before.Quantile(0.5):0} before), p99 {frozen.Quantile(0.99):0} ms ({before.Quantile(0.99):0} before), ratio {ratio:0.00}");
        verdict.Add($"requests {frozen.Count} ({before.Count} before), tries refused {clients.Refused}, caught up in {history.Took.TotalSeconds:0} s, open {history.Open}");
        history.Judge(verdict, plan);
        verdict.AtMost("ratio", ratio, plan.MaxRatio);
        verdict.Require(clients.Refused == 0, $"{clients.Refused} tries were refused");
        verdict.Require(history.Open == 0, $"{history.Open} rows are open");
        return verdict.Close();
    }
}
