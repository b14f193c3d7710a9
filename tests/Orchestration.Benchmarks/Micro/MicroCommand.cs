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
        var plan = new Option<double>("--plan-us") { DefaultValueFactory = _ => 50, Description = "Longest time of a plan by scores over 200 models, in microseconds." };
        var classify = new Option<double>("--classify-us") { DefaultValueFactory = _ => 20, Description = "Longest time to classify 2,000 characters, in microseconds." };
        var planOnly = new Option<bool>("--plan-only") { Description = "Measure planning and classification and nothing else." };
        command.Add(ratio);
        command.Add(plan);
        command.Add(classify);
        command.Add(planOnly);
        command.SetAction((arguments, cancellationToken) => arguments.GetValue(planOnly)
            ? Task.FromResult(RunPlans(arguments.GetValue(plan), arguments.GetValue(classify)))
            : RunAsync(arguments.GetValue(ratio), arguments.GetValue(plan), arguments.GetValue(classify), cancellationToken));
        return command;
    }

    private static int RunPlans(double mostPlan, double mostClassify)
    {
        var figures = PlanParts.All().Concat(ClassifierParts.All()).Select(part => Shown(part())).ToList();
        Show(figures);
        var verdict = new Verdict("micro");
        foreach (var figure in figures)
            verdict.Add($"{figure.Name} {figure.Nanoseconds:0} ns");
        AddPlan(verdict, figures, mostPlan, mostClassify);
        return verdict.Close();
    }

    private static async Task<int> RunAsync(double mostRatio, double mostPlan, double mostClassify, CancellationToken cancellationToken)
    {
        var figures = new List<MicroFigure>();
        foreach (var part in PricingParts.All())
            figures.Add(Shown(part()));
        foreach (var part in ProtocolParts.All())
            figures.Add(Shown(part()));
        foreach (var part in PlanParts.All().Concat(ClassifierParts.All()))
            figures.Add(Shown(part()));
        foreach (var part in OutboxParts.All())
            figures.Add(Shown(await part()));
        Show(figures);
        var providers = await ProvidersRatio.MeasureAsync(cancellationToken);
        Screen.Note($"Providers {providers.Providers:0} CPU µs per streamed request, HttpClient pass-through {providers.PassThrough:0}");
        var verdict = new Verdict("micro");
        foreach (var figure in figures)
            verdict.Add($"{figure.Name} {figure.Nanoseconds:0} ns");
        verdict.Add($"providers/pass-through {providers.Ratio:0.00}");
        AddPlan(verdict, figures, mostPlan, mostClassify);
        verdict.AtMost("Providers' CPU per request over a plain pass-through", providers.Ratio, mostRatio);
        return verdict.Close();
    }

    private static void AddPlan(Verdict verdict, List<MicroFigure> figures, double mostPlan, double mostClassify)
    {
        verdict.AtMost("µs of a plan by scores over 200 models", Microseconds(PlanParts.Scored), mostPlan);
        foreach (var name in (string[])[ClassifierParts.English, ClassifierParts.Chinese])
            verdict.AtMost($"µs to {name}", Microseconds(name), mostClassify);

        double Microseconds(string name) => figures.Single(figure => figure.Name == name).Nanoseconds / 1_000;
    }

    private static void Show(List<MicroFigure> figures)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("part", "ns", "bytes allocated", "MB/s");
        foreach (var figure in figures)
            table.AddRow(figure.Name, figure.Nanoseconds.Text("0.0"), figure.Bytes.Text("0.0"), figure.MegabytesPerSecond.Text("0"));
        AnsiConsole.Write(table);
    }

    private static MicroFigure Shown(MicroFigure figure)
    {
        Screen.Note($"{figure.Name}");
        return figure;
    }
}
