using Spectre.Console;

namespace Orchestration.Benchmarks.Streams;

internal static class StreamsTables
{
    public static void Print(List<StreamsFigures> results)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("target", "whole streams", "events", "first token p50 ms", "p99 ms", "gap p50 ms", "gap p99 ms", "CPU us/event");
        foreach (var result in results)
            table.AddRow(
                result.Target.Name, $"{result.Whole}", $"{result.Events}",
                result.FirstToken.Quantile(0.5).Text("0.0"), result.FirstToken.Quantile(0.99).Text("0.0"),
                result.Gaps.Quantile(0.5).Text("0.0"), result.Gaps.Quantile(0.99).Text("0.0"), result.CpuMicroseconds.Text("0.0"));
        AnsiConsole.Write(table);
        foreach (var result in results.Where(result => result.Memory.Before.Count > 0))
            PrintProcesses(result);
    }

    private static void PrintProcesses(StreamsFigures result)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("by process");
        table.AddColumns("process", "memory before MiB", "most MiB", "CPU us/event");
        foreach (var name in result.Memory.Before.Keys.Order())
            table.AddRow(name, result.Memory.Before[name].Text("0"), result.Memory.Peak.GetValueOrDefault(name, double.NaN).Text("0"),
                (result.Target.Cpu.Seconds.GetValueOrDefault(name, double.NaN) * 1e6 / result.Events).Text("0.0"));
        AnsiConsole.Write(table);
    }
}
