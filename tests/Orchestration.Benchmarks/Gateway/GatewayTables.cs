using Spectre.Console;

namespace Orchestration.Benchmarks.Gateway;

internal static class GatewayTables
{
    public static void Print(List<TargetFigures> results, IReadOnlyDictionary<(string Target, string Process), double> idle)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (title, right) in new[] { ("target", false), ("clients", true), ("requests/s", true), ("p50 ms", true), ("p99 ms", true),
            ("added p50", true), ("added p99", true), ("CPU us/request", true), ("CPU ratio to bare", true) })
            table.AddColumn(right ? new TableColumn(title).RightAligned() : new TableColumn(title));
        foreach (var group in results.GroupBy(figure => figure.Clients))
        {
            var direct = group.Single(figure => figure.Target.Name == "direct");
            var bare = group.Single(figure => figure.Target.Name == "bare hops");
            foreach (var figure in group)
                table.AddRow(
                    figure.Target.Name,
                    $"{figure.Clients}",
                    figure.PerSecond.Text("0"),
                    figure.Latency.Quantile(0.5).Text(),
                    figure.Latency.Quantile(0.99).Text(),
                    (figure.Latency.Quantile(0.5) - direct.Latency.Quantile(0.5)).Text(),
                    (figure.Latency.Quantile(0.99) - direct.Latency.Quantile(0.99)).Text(),
                    figure.CpuMicroseconds.Text("0"),
                    (figure.CpuMicroseconds / bare.CpuMicroseconds).Text());
        }
        AnsiConsole.Write(table);
        PrintProcesses(results, idle);
    }

    private static void PrintProcesses(List<TargetFigures> results, IReadOnlyDictionary<(string Target, string Process), double> idle)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("CPU us/request by process");
        table.AddColumns("target", "process");
        var clients = results.Select(figure => figure.Clients).Distinct().ToList();
        foreach (var count in clients)
            table.AddColumn(new TableColumn($"{count} client(s)").RightAligned());
        table.AddColumn(new TableColumn("idle ms/s").RightAligned());
        foreach (var target in results.GroupBy(figure => figure.Target.Name))
        {
            foreach (var process in target.First().Target.Cpu.Seconds.Keys.Order())
                table.AddRow([target.Key, process, .. clients.Select(count => target.Single(figure => figure.Clients == count) is var figure
                    && figure.Target.Cpu.Seconds.TryGetValue(process, out var seconds)
                        ? (seconds * 1e6 / figure.Latency.Count).Text("0.0")
                        : "–"), (idle.GetValueOrDefault((target.Key, process)) * 1000).Text("0.0")]);
        }
        AnsiConsole.Write(table);
    }
}
