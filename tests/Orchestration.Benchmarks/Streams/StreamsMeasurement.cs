using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Streams;

/// <summary>Opens many streams at once, first directly, then through the gateway.</summary>
internal sealed class StreamsMeasurement(StreamsPlan plan)
{
    private const double FirstTokenMs = 200;
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(250);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = plan.WithoutSystem
            ? null
            : await SystemUnderTest.StartAsync(new Dictionary<string, string>(), cancellationToken);
        var own = system is null ? await SimulatorProcess.StartAsync(cancellationToken) : default;
        await using var ownProcess = own.Process;
        var simulator = system?.Simulator ?? own.Address;
        using var admin = new SimulatorAdmin(simulator);
        await admin.SpeedAsync(1, cancellationToken);

        var upstream = new Uri(simulator, $"/{plan.Model.Vendor}/v1");
        using var direct = new LoadTarget("direct", upstream, plan.Model.Id, null, new Dictionary<string, IReadOnlyList<int>>());
        using var gateway = system is null ? null : new LoadTarget("gateway", new Uri(system.Gateway, "/v1"), plan.Model.ToString(), system.DevelopmentKey,
            system.ProcessIds().ToDictionary(process => process.Key, process => (IReadOnlyList<int>)[process.Value]));
        var results = new List<StreamsFigures>();
        foreach (var target in gateway is null ? [direct] : new[] { direct, gateway })
        {
            await admin.ShapeAsync(plan.Model, 0, 0, 8, cancellationToken);
            await WarmUpAsync(target, cancellationToken);
            await admin.ShapeAsync(plan.Model, FirstTokenMs, 1000 / plan.Rate, plan.Events, cancellationToken);
            results.Add(await MeasureAsync(target, target == gateway ? system : null, cancellationToken));
        }
        StreamsTables.Print(results);
        return Judge(results);
    }

    private async Task WarmUpAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        var body = target.Body("warm up", plan.Events, true);
        await ClosedLoop.RunAsync(target, body, 8, TimeSpan.FromSeconds(3), cancellationToken);
    }

    private Task<StreamsFigures> MeasureAsync(LoadTarget target, SystemUnderTest? system, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync($"{plan.Streams} streams, {target.Name}", async _ =>
        {
            var memory = new MemoryWatch(system?.ProcessIds() ?? new Dictionary<string, int>());
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watch = memory.RunAsync(MemoryInterval, watching.Token);
            var body = target.Body("Tell a long story.", plan.Events, true);
            var records = await target.Cpu.AroundAsync(() => Task.WhenAll(
                Enumerable.Range(0, plan.Streams).Select(_ => Task.Run(() => StreamReading.ReadAsync(target, body, cancellationToken), cancellationToken))));
            await watching.CancelAsync();
            await watch;
            return new StreamsFigures(target, records, memory);
        });

    private int Judge(List<StreamsFigures> results)
    {
        var verdict = new Verdict("streams");
        var direct = results[0];
        var subject = results[^1];
        var first = subject.FirstToken.Quantile(0.5) - direct.FirstToken.Quantile(0.5);
        var gap = subject.Gaps.Quantile(0.99) - direct.Gaps.Quantile(0.99);
        verdict.Add($"{plan.Streams} streams at {plan.Rate:0.#} events/s ({subject.Target.Name})");
        verdict.Add($"first token added p50 {first:0.0} ms p99 {subject.FirstToken.Quantile(0.99) - direct.FirstToken.Quantile(0.99):0.0} ms");
        verdict.Add($"gap p99 {subject.Gaps.Quantile(0.99):0.0} ms, added {gap:0.0} ms");
        if (!double.IsNaN(subject.CpuMicroseconds))
            verdict.Add($"CPU {subject.CpuMicroseconds:0.0} us/event");
        foreach (var result in results)
            verdict.Require(result.Whole == plan.Streams, $"{result.Target.Name}: {plan.Streams - result.Whole} of {plan.Streams} streams did not end with the end marker");
        verdict.AtMost("added p99 of the gap (ms)", gap, plan.MaxAddedGap);
        verdict.AtMost("added p50 of the first token (ms)", first, plan.MaxAddedFirst);
        return verdict.Close();
    }
}
