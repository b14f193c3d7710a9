using System.CommandLine;
using Spectre.Console;

namespace Orchestration.Benchmarks.Micro;

internal static class MicroCommand
{
    public static Command Create()
    {
        var command = new Command("micro", "Nanoseconds and bytes of the small parts that every request pays for.");
        command.SetAction((_, _) => RunAsync());
        return command;
    }

    private static async Task<int> RunAsync()
    {
        var figures = new List<MicroFigure>();
        foreach (var part in PricingParts.All())
            figures.Add(Shown(part()));
        foreach (var part in ProtocolParts.All())
            figures.Add(Shown(part()));
        foreach (var part in OutboxParts.All())
            figures.Add(Shown(await part()));
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

    private static MicroFigure Shown(MicroFigure figure)
    {
        Screen.Note($"{figure.Name}");
        return figure;
    }
}
