using System.Net;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;
using Orchestration.Benchmarks.Streams;

namespace Orchestration.Benchmarks.Outages;

/// <summary>Tells a gateway with live streams to end: none may be cut inside the grace, and it ends by itself when the last has ended.</summary>
internal sealed class DrainMeasurement(OutagesPlan plan, SystemUnderTest system, SimulatorAdmin simulator, OutageAccounts accounts)
{
    private const int Events = 300;
    private const double EventMs = 60;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task RunAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        await using var gateway = await GatewayReplica.StartAsync(
            system, cancellationToken, new Dictionary<string, string> { ["Shutdown__Grace"] = Grace.ToString("c") });
        await simulator.ShapeAsync(plan.Model, 200, EventMs, Events, cancellationToken);
        using var target = new LoadTarget("a gateway that is told to end", new Uri(gateway.Address, "/v1"), plan.Model.ToString(), accounts.Budgeted, new Dictionary<string, IReadOnlyList<int>>());
        var body = target.Body("Tell a long story.", Events, stream: true);
        StreamRecord[] records = [.. Enumerable.Range(0, plan.Streams).Select(_ => new StreamRecord())];
        var reading = Task.WhenAll(records.Select(record => Task.Run(() => TryReadAsync(target, body, record, cancellationToken), cancellationToken)));
        await UntilAsync(() => records.All(record => record.Events > 0) || reading.IsCompleted, cancellationToken);
        var live = records.Count(record => record is { Events: > 0, Done: false });
        Screen.Note($"SIGTERM to a gateway with {live} live streams");
        var told = _time.GetTimestamp();
        gateway.Stop();
        var unready = await UnreadyAfterAsync(gateway, told, cancellationToken);
        await reading;
        var last = _time.GetElapsedTime(told);
        await UntilAsync(() => gateway.HasExited, cancellationToken);
        var exited = _time.GetElapsedTime(told);
        var cut = records.Count(record => !record.Done);
        verdict.Add($"SIGTERM with {live} live streams: {cut} cut, unready after {unready.TotalMilliseconds:0} ms, last stream ended after {last.TotalSeconds:0.0} s, exit {(gateway.HasExited ? gateway.ExitCode : -1)} after {exited.TotalSeconds:0.0} s");
        verdict.Require(live == plan.Streams, $"Only {live} of {plan.Streams} streams were live.");
        verdict.AtMost("time until readiness is refused (ms)", unready.TotalMilliseconds, 100);
        verdict.Require(cut == 0, $"{cut} streams were cut inside the grace.");
        verdict.Require(gateway is { HasExited: true, ExitCode: 0 }, "The gateway did not end well.");
    }

    private static async Task TryReadAsync(LoadTarget target, byte[] body, StreamRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await StreamReading.ReadAsync(target, body, record, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            Screen.Wrong($"A stream broke after {record.Events} events: {broken.Message}");
        }
    }

    /// <summary>Until readiness is refused, or nobody listens any more.</summary>
    private async Task<TimeSpan> UnreadyAfterAsync(GatewayReplica gateway, long told, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = gateway.Address };
        while (_time.GetElapsedTime(told) < Patience)
        {
            try
            {
                using var response = await client.GetAsync("/health", cancellationToken);
                if (response.StatusCode != HttpStatusCode.OK)
                    break;
            }
            catch (HttpRequestException)
            {
                break;
            }

            await Task.Delay(5, cancellationToken);
        }

        return _time.GetElapsedTime(told);
    }

    private async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (!holds() && _time.GetElapsedTime(start) < Patience)
            await Task.Delay(20, cancellationToken);
    }
}
