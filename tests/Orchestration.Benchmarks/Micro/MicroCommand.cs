using System.CommandLine;
using Spectre.Console;

namespace Orchestration.Benchmarks.Micro;

internal static class MicroCommand
{
    public static Command Create()
    {
        var command = new Command("micro", "Nanoseconds and bytes of the small parts that every request pays for.");
        command.SetAction((_, _) => Task.FromResult(Run()));
        return command;
    }

    private static int Run()
    {
        var figures = new List<MicroFigure>();
        foreach (var part in (IEnumerable<Func<MicroFigure>>)[.. PricingParts.All()])
        {
            figures.Add(part());
            AnsiConsole.MarkupLineInterpolated($"[grey]{figures[^1].Name}[/]");
        }
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("part", "ns", "bytes allocated");
        foreach (var figure in figures)
            table.AddRow(figure.Name, figure.Nanoseconds.Text("0.0"), figure.Bytes.Text("0.0"));
        AnsiConsole.Write(table);
        var verdict = new Verdict("micro");
        foreach (var figure in figures)
            verdict.Add($"{figure.Name} {figure.Nanoseconds:0} ns");
        return verdict.Close();
    }
}
