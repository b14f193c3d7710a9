using Spectre.Console;

namespace Orchestration.Benchmarks.Replay;

/// <summary>The tables of a replay, and a yes or no to each bar.</summary>
internal sealed class ReplayReport(ReplayPlan plan, ReplayModel strong, ReplayModel cheapest, AutoWeights weights)
{
    private const double CostCut = 0.78;
    private const double TimeCut = 0.4;
    private const double QualityKept = 0.95;
    private const double Success = 0.999;
    private const int Draws = 500;

    public int Close(IReadOnlyList<DayResult> days)
    {
        var (all, least, half, auto) = (days[0], days[1], days[2], days[3]);
        ShowDays(days);
        ShowMixes(all, auto);
        foreach (var day in days)
        {
            foreach (var failure in day.Answers.Where(answer => answer.Failure is not null).GroupBy(answer => answer.Failure!).OrderByDescending(group => group.Count()).Take(3))
                Screen.Note($"{day.Name}: {failure.Count()} x {failure.Key}");
        }

        var (cost, time, kept) = (1 - (auto.Usual.Cost / all.Usual.Cost), 1 - (auto.Usual.Milliseconds / all.Usual.Milliseconds), auto.Usual.Quality / all.Usual.Quality);
        var above = auto.Usual.Quality - LineAt(auto.Usual.Cost, least.Usual, half.Usual);
        var (low, high) = KeptInterval(all, auto);
        var verdict = new Verdict("replay");
        verdict.Add($"auto against all to {strong.Id}: cost -{cost:P1}, mean response time -{time:P1}, quality {kept:P1} of it ({low:P1} to {high:P1})");
        verdict.Add($"{above:+0.000;-0.000} quality beside the line from {cheapest.Id} to half and half at its cost");
        verdict.Add($"success in the outage {auto.SuccessInOutage:P2} of {auto.Outage.Count()} with {auto.Down} down");
        verdict.Add($"weights quality {weights.Quality} economy {weights.Economy}, day of {plan.Day.TotalSeconds:0} s at speed {plan.Speed:0.##}");
        Bar(verdict, "cost cut at least 78 %", cost >= CostCut);
        Bar(verdict, "mean response time cut at least 40 %", time >= TimeCut);
        Bar(verdict, "at least 95 % of the strong model's quality", kept >= QualityKept);
        Bar(verdict, "above the line between cheapest and half and half", above > 0);
        Bar(verdict, "success in the outage at least 99.9 %", auto.SuccessInOutage >= Success);
        return verdict.Close();
    }

    private static void Bar(Verdict verdict, string bar, bool holds)
    {
        Screen.Note($"{bar}: {(holds ? "yes" : "no")}");
        verdict.Require(holds, $"Not held: {bar}.");
    }

    // Quality that mixing the cheapest with half and half would buy for a cost; beyond half and half the line goes on.
    private static double LineAt(double cost, DayFigures least, DayFigures half) =>
        least.Quality + ((half.Quality - least.Quality) * (cost - least.Cost) / (half.Cost - least.Cost));

    private static (double Low, double High) KeptInterval(DayResult all, DayResult auto)
    {
        var random = new Random(1);
        var count = auto.Answers.Count(answer => !answer.InOutage);
        var kept = new List<double>();
        for (var draw = 0; draw < Draws; draw++)
        {
            var places = Enumerable.Range(0, count).Select(_ => random.Next(count)).ToList();
            kept.Add(auto.Drawn(places).Quality / all.Drawn(places).Quality);
        }

        kept.Sort();
        return (kept[(int)(Draws * 0.025)], kept[(int)(Draws * 0.975)]);
    }

    private static void ShowDays(IReadOnlyList<DayResult> days)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("way to choose", "USD per 1,000", "mean response ms", "quality", "down at the peak", "answered then", "of", "answered by");
        foreach (var day in days)
        {
            var by = day.Answers.Where(answer => answer is { InOutage: false, Model: not null }).GroupBy(answer => answer.Model!).OrderByDescending(group => group.Count()).Take(3)
                .Select(group => $"{group.Key} {(double)group.Count() / day.Answers.Count(answer => !answer.InOutage):P0}");
            table.AddRow(day.Name, day.Usual.Cost.Text("0.0000"), day.Usual.Milliseconds.Text("0"), day.Usual.Quality.Text("0.000"), day.Down,
                $"{day.SuccessInOutage:P2}", $"{day.Outage.Count()}", Markup.Escape(string.Join(", ", by)));
        }

        AnsiConsole.Write(table);
    }

    private static void ShowMixes(DayResult all, DayResult auto)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("share of easy prompts", "cost cut", "response time cut", "quality kept");
        foreach (var share in (double[])[0.25, 0.5, 0.75])
        {
            var (of, by) = (all.WithEasy(share), auto.WithEasy(share));
            table.AddRow($"{share:P0}", $"{1 - (by.Cost / of.Cost):P1}", $"{1 - (by.Milliseconds / of.Milliseconds):P1}", $"{by.Quality / of.Quality:P1}");
        }

        AnsiConsole.Write(table);
    }
}
