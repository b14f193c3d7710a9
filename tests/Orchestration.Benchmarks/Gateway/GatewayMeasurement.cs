using Orchestration.Benchmarks.BareHops;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Gateway;

/// <summary>Sends the same requests to every target in turn, slice by slice, so that all of them meet the same machine.</summary>
internal sealed class GatewayMeasurement(GatewayPlan plan)
{
    private const int WarmUpClients = 16;
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarmUpSlice = TimeSpan.FromSeconds(1);

    private const string Prompt = "Explain in a few sentences why an index makes a query faster and when it does not.";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = plan.WithoutSystem
            ? null
            : await SystemUnderTest.StartAsync(new Dictionary<string, string> { ["Simulator__Speed"] = "0" }, cancellationToken);
        var own = system is null ? await SimulatorProcess.StartAsync(cancellationToken) : default;
        await using var ownProcess = own.Process;
        var simulator = system?.Simulator ?? own.Address;
        using var admin = new SimulatorAdmin(simulator);
        await admin.SpeedAsync(0, cancellationToken);
        await admin.ShapeAsync(plan.Model, 0, 0, plan.Tokens, cancellationToken);
        var upstream = new Uri(simulator, $"/{plan.Model.Vendor}/v1/");
        await using var nginx = await NginxProcess.TryStartAsync(simulator, cancellationToken);
        await using var bare = await BareChain.StartAsync(upstream, plan.Hops, cancellationToken);

        var results = new List<TargetFigures>();
        var idle = new Dictionary<(string Target, string Process), double>();
        using (var warm = new TargetSet(Targets(system, upstream, nginx, bare)))
        {
            await WarmUpAsync(warm.Targets, cancellationToken);
            await MeasureIdleAsync(warm.Targets, idle, cancellationToken);
        }
        foreach (var clients in plan.Clients)
        {
            using var set = new TargetSet(Targets(system, upstream, nginx, bare));
            results.AddRange(await MeasureAsync(set.Targets, clients, cancellationToken));
        }
        GatewayTables.Print(results, idle);
        return Judge(results);
    }

    private List<LoadTarget> Targets(SystemUnderTest? system, Uri upstream, NginxProcess? nginx, BareChain bare)
    {
        var model = plan.Model;
        var targets = new List<LoadTarget> { new("direct", upstream, model.Id, null, new Dictionary<string, IReadOnlyList<int>>()) };
        if (nginx is not null)
            targets.Add(new("nginx", new Uri(nginx.Address, $"/{model.Vendor}/v1"), model.Id, null,
                Named([new("nginx", nginx.ProcessId)])));
        targets.Add(new("bare hops", new Uri(bare.Address, "/v1"), model.Id, null, Named(bare.ProcessIds)));
        if (system is not null)
            targets.Add(new("gateway", new Uri(system.Gateway, "/v1"), model.ToString(), system.DevelopmentKey,
                Named(system.ProcessIds().Where(process => process.Key != "simulator"))));
        return targets;
    }

    private static Dictionary<string, IReadOnlyList<int>> Named(IEnumerable<KeyValuePair<string, int>> processes) =>
        processes.ToDictionary(process => process.Key, process => (IReadOnlyList<int>)[process.Value]);

    /// <summary>What the processes use when nobody asks anything: at few requests per second it weighs on each of them.</summary>
    private static Task MeasureIdleAsync(
        IReadOnlyList<LoadTarget> targets, Dictionary<(string Target, string Process), double> idle, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("idle", async _ =>
        {
            await Task.Delay(SettleTime, cancellationToken);
            var before = targets.ToDictionary(target => target, target => target.Cpu.Seconds.ToDictionary());
            await Task.WhenAll(targets.Select(target => target.Cpu.AroundAsync(async () =>
            {
                await Task.Delay(IdleTime, cancellationToken);
                return 0;
            })));
            foreach (var target in targets)
            {
                foreach (var (process, seconds) in target.Cpu.Seconds)
                    idle[(target.Name, process)] = (seconds - before[target][process]) / IdleTime.TotalSeconds;
            }
        });

    /// <summary>Until the compiler has settled: a count of requests says more about that than a time on a busy machine.</summary>
    private Task WarmUpAsync(IReadOnlyList<LoadTarget> targets, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            foreach (var target in targets)
            {
                var task = progress.AddTask($"warming up {target.Name}", maxValue: plan.WarmUpRequests);
                var body = target.Body(Prompt, plan.Tokens, plan.Stream);
                await AnswerCheck.RequireAsync(target, body, plan.Tokens, plan.Stream, cancellationToken);
                while (!task.IsFinished)
                    task.Increment((await ClosedLoop.RunAsync(target, body, WarmUpClients, WarmUpSlice, cancellationToken)).Latencies.Count);
            }
        });

    private Task<List<TargetFigures>> MeasureAsync(IReadOnlyList<LoadTarget> targets, int clients, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var task = progress.AddTask($"{clients} client(s)", maxValue: targets.Count * plan.Rounds);
            var bodies = targets.ToDictionary(target => target, target => target.Body(Prompt, plan.Tokens, plan.Stream));
            var figures = targets.Select(target => new TargetFigures(target, clients)).ToList();
            for (var round = 0; round < plan.Rounds; round++)
            {
                foreach (var figure in figures)
                {
                    figure.Add(await figure.Target.Cpu.AroundAsync(() =>
                        ClosedLoop.RunAsync(figure.Target, bodies[figure.Target], clients, plan.Slice, cancellationToken)));
                    task.Increment(1);
                }
            }
            return figures;
        });

    private int Judge(List<TargetFigures> results)
    {
        var verdict = new Verdict("gateway");
        foreach (var clients in plan.Clients)
        {
            var direct = results.Single(figure => figure.Clients == clients && figure.Target.Name == "direct");
            var bare = results.Single(figure => figure.Clients == clients && figure.Target.Name == "bare hops");
            var subject = results.SingleOrDefault(figure => figure.Clients == clients && figure.Target.Name == "gateway") ?? bare;
            var added99 = subject.Latency.Quantile(0.99) - direct.Latency.Quantile(0.99);
            var ratio = subject.CpuMicroseconds / bare.CpuMicroseconds;
            verdict.Add($"{subject.Target.Name} at {clients}: {subject.PerSecond:0} requests/s, added p50 {subject.Latency.Quantile(0.5) - direct.Latency.Quantile(0.5):0.00} ms, p99 {added99:0.00} ms, CPU {subject.CpuMicroseconds:0} us/request, {ratio:0.00} x bare hops");
            if (clients == 1)
                verdict.AtMost("added p99 with one client (ms)", added99, plan.MaxAddedP99);
            verdict.AtMost($"CPU per request at {clients} (us)", subject.CpuMicroseconds, plan.MaxCpu);
            verdict.AtMost($"CPU against the bare hops at {clients}", ratio, plan.MaxCpuRatio);
        }
        return verdict.Close();
    }
}
