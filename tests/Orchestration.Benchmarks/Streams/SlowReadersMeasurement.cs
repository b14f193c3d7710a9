using Npgsql;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Streams;

/// <summary>Many clients that read one byte a second of fast streams: what each holds of the services' memory, and what becomes of it and of others.</summary>
internal sealed class SlowReadersMeasurement(StreamsPlan plan)
{
    private const double TokenMs = 20;
    private const double MostKilobytes = 256;
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(2);
    private static readonly string[] Carriers = ["gateway", "providers"];
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = await SystemUnderTest.StartAsync(new Dictionary<string, string>(), cancellationToken);
        using var admin = new SimulatorAdmin(system.Simulator);
        await admin.SpeedAsync(1, cancellationToken);
        await admin.ShapeAsync(plan.Model, 0, 0, 8, cancellationToken);
        using var target = new LoadTarget("gateway", new Uri(system.Gateway, "/v1"), plan.Model.ToString(), system.DevelopmentKey, new Dictionary<string, IReadOnlyList<int>>());
        await ClosedLoop.RunAsync(target, target.Body("warm up", 8, true), 32, TimeSpan.FromSeconds(8), cancellationToken);
        var tokens = (int)(plan.Seconds * 1_000 / TokenMs);
        await admin.ShapeAsync(plan.Model, 50, TokenMs, tokens, cancellationToken);
        var body = target.Body("Tell a long story.", tokens, stream: true);
        var memory = new MemoryWatch(system.ProcessIds().Where(process => Carriers.Contains(process.Key)).ToDictionary());
        SlowReader[] readers = [.. Enumerable.Range(0, plan.SlowReaders).Select(_ => new SlowReader(system.Gateway, system.DevelopmentKey, body))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = memory.RunAsync(MemoryInterval, stop.Token);
        Screen.Note($"{plan.SlowReaders} clients read one byte a second for {plan.Seconds:0} s");
        var reading = Task.WhenAll(readers.Select(reader => reader.RunAsync(stop.Token)));
        var others = new StreamRecord();
        await StreamReading.ReadAsync(target, body, others, cancellationToken);
        var served = readers.Count(reader => reader.IsServed);
        var cut = readers.Count(reader => reader.IsCut);
        await stop.CancelAsync();
        await Task.WhenAll(reading, watching);
        foreach (var reader in readers)
            reader.Dispose();
        var (settled, open) = await SettledAsync(system, cancellationToken);
        return Report(memory, others, served, cut, settled, open);
    }

    /// <summary>How long until every request is settled, and how many never were.</summary>
    private async Task<(TimeSpan Took, long Open)> SettledAsync(SystemUnderTest system, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        await using var connection = new NpgsqlConnection($"{system.Postgres};Database=metrics;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*) FILTER (WHERE settlement IS NULL), count(*) FROM requests", connection);
        while (true)
        {
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                await reader.ReadAsync(cancellationToken);
                var (open, all) = (reader.GetInt64(0), reader.GetInt64(1));
                if ((open == 0 && all > plan.SlowReaders) || _time.GetElapsedTime(start) > SettleLimit)
                    return (_time.GetElapsedTime(start), open);
            }

            await Task.Delay(MemoryInterval, _time, cancellationToken);
        }
    }

    private int Report(MemoryWatch memory, StreamRecord others, int served, int cut, TimeSpan settled, long open)
    {
        var verdict = new Verdict("streams");
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("service", "MiB before", "most MiB", "KiB for each reader");
        verdict.Add($"{plan.SlowReaders} slow readers for {plan.Seconds:0} s, {served} served, {cut} saw their connection end");
        foreach (var (service, before) in memory.Before)
        {
            var each = (memory.Peak[service] - before) * 1024 / plan.SlowReaders;
            table.AddRow(service, $"{before:0}", $"{memory.Peak[service]:0}", $"{each:0}");
            verdict.Add($"{service} {each:0} KiB each");
            verdict.AtMost($"{service}, KiB for each slow reader", each, MostKilobytes);
        }

        AnsiConsole.Write(table);
        verdict.Add($"a reader beside them: {others.Events} events, gap p99 {GapOf(others):0.0} ms; all settled after {settled.TotalSeconds:0.0} s");
        verdict.Require(served == plan.SlowReaders, $"Only {served} of {plan.SlowReaders} were served.");
        verdict.Require(others.Done, "The stream of the reader beside them did not end with the end marker.");
        verdict.Require(open == 0, $"{open} requests are open.");
        return verdict.Close();
    }

    private static double GapOf(StreamRecord record)
    {
        var samples = new Samples();
        samples.Add(record.Gaps);
        return samples.Quantile(0.99);
    }
}
