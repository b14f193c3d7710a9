using System.CommandLine;
using Orchestration.Benchmarks.Providers;
using Spectre.Console;

namespace Orchestration.Benchmarks.Micro;

internal static class MicroCommand
{
    public static Command Create()
    {
        var command = new Command("micro", "Nanoseconds and bytes of the small parts that every request pays for.");
        var ratio = new Option<double>("--providers-ratio")
        {
            DefaultValueFactory = _ => 6,
            Description = "Most CPU that Providers may use per streamed request, as a multiple of a plain HttpClient pass-through.",
        };
        command.Add(ratio);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(ratio), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(double mostRatio, CancellationToken cancellationToken)
    {
        var figures = new List<MicroFigure>();
        foreach (var part in PricingParts.All())
            figures.Add(Shown(part()));
        foreach (var part in ProtocolParts.All())
            figures.Add(Shown(part()));
        foreach (var part in OutboxParts.All())
            figures.Add(Shown(await part()));
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("part", "ns", "bytes allocated", "MB/s");
        foreach (var figure in figures)
            table.AddRow(figure.Name, figure.Nanoseconds.Text("0.0"), figure.Bytes.Text("0.0"), figure.MegabytesPerSecond.Text("0"));
        AnsiConsole.Write(table);
        var providers = await ProvidersRatio.MeasureAsync(cancellationToken);
        Screen.Note($"Providers {providers.Providers:0} CPU µs per streamed request, HttpClient pass-through {providers.PassThrough:0}");
        var verdict = new Verdict("micro");
        foreach (var figure in figures)
            verdict.Add($"{figure.Name} {figure.Nanoseconds:0} ns");
        verdict.Add($"providers/pass-through {providers.Ratio:0.00}");
        verdict.AtMost("Providers' CPU per request over a plain pass-through", providers.Ratio, mostRatio);
        return verdict.Close();
    }

    private static MicroFigure Shown(MicroFigure figure)
    {
        Screen.Note($"{figure.Name}");
        return figure;
    }
}
