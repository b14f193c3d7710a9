using System.Globalization;
using System.Text;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Explanation;

/// <summary>A decision in a few lines for a person.</summary>
internal static class DecisionText
{
    private const int MostDropped = 10;
    private const int MostTerms = 3;

    public static string Of(Decision decision, NameTarget target, CompiledRoute route, PickedClass picked)
    {
        var lines = new StringBuilder();
        Line(lines, $"The route is '{decision.Route}' of policy {decision.PolicyVersion}.");
        foreach (var warning in target.Warnings)
            Line(lines, $"{warning.Message}");
        if (picked.Name.Length > 0)
            Line(lines, $"The request counts as {picked.Name}: {picked.Reason}.");
        var asked = decision.Candidates.Where(candidate => candidate.Rank > 0).ToList();
        if (asked.Count == 0)
            Line(lines, $"No candidate remains.");
        else
            AddOrder(lines, decision, route, asked);
        AddDropped(lines, [.. decision.Candidates.Where(candidate => candidate.Rank == 0)]);
        return lines.ToString().TrimEnd();
    }

    private static void AddOrder(StringBuilder lines, Decision decision, CompiledRoute route, List<ConsideredCandidate> asked)
    {
        var first = asked[0];
        Line(lines, $"{first.Deployment} is asked first{(asked.Count > 1 ? $", then {string.Join(", ", asked.Skip(1).Select(next => next.Deployment))}" : "")}: {WayOf(decision, route)}.");
        if (first.DropReason.Length > 0)
            Line(lines, $"Nothing better is left: {first.DropReason}.");
        if (first.Terms.Count > 0)
            Line(lines, $"It scores {first.Score:0.000}, most of it by {string.Join(", ", first.Terms.OrderByDescending(term => term.Value * term.Weight).Take(MostTerms).Select(term => term.Name))}.");
        if (first.ExpectedBilled is not { } cost)
            return;
        Line(lines, $"It is expected to cost {cost.Amount} {cost.Currency} for {first.Expected.InputTokens} tokens in and {first.Expected.OutputTokens} out.");
        if (asked.Count > 1 && asked[1].ExpectedBilled is { } second)
            Line(lines, $"{asked[1].Deployment} would cost {second.Amount} {second.Currency}.");
        if (decision.BaselineCost is { } baseline)
            Line(lines, $"The baseline {decision.Baseline} would cost {baseline.Amount} {baseline.Currency}.");
    }

    private static void AddDropped(StringBuilder lines, List<ConsideredCandidate> dropped)
    {
        foreach (var candidate in dropped.Take(MostDropped))
            Line(lines, $"{candidate.Deployment} is left out: {candidate.DropReason}.");
        if (dropped.Count > MostDropped)
            Line(lines, $"{dropped.Count - MostDropped} more are left out.");
    }

    private static string WayOf(Decision decision, CompiledRoute route) => decision.Choice switch
    {
        "score" => route.Route.Choice.Score.Prefer is { Length: > 0 } prefer ? $"the order of their scores, preferring '{prefer}'" : "the order of their scores by the weights of the policy",
        "split" => "the arm that the request falls into, and the other arms after it",
        _ => "the order of the policy",
    };

    private static void Line(StringBuilder lines, FormattableString text) => lines.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
