using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestration.Architecture.Tests;

/// <summary>Dashboards and alert rules under <c>deploy</c> name only metrics that some service has.</summary>
public sealed partial class ShippedDashboardsTests
{
    private static readonly IReadOnlySet<string> Exported = Instruments().SelectMany(NamesOf).ToHashSet();

    [Fact]
    public void Instruments_are_found_in_the_sources()
    {
        Exported.ShouldContain("gen_ai_client_token_usage_sum");
        Exported.ShouldContain("gen_ai_client_operation_duration_seconds_bucket");
        Exported.ShouldContain("orchestration_outbox_oldest_age_seconds");
        Exported.ShouldContain("orchestration_alerts_open");
        Exported.ShouldContain("orchestration_cost_nanos_total");
    }

    [Fact]
    public void Every_metric_of_a_dashboard_exists()
    {
        var files = SourceTree.Files("*.json", "deploy/grafana");
        files.Count.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var file in files)
        {
            using var dashboard = JsonDocument.Parse(SourceTree.Read(file));
            dashboard.RootElement.GetProperty("uid").GetString().ShouldNotBeNullOrEmpty();
            var expressions = Expressions(dashboard.RootElement).ToList();
            expressions.ShouldNotBeEmpty(file);
            expressions.SelectMany(MetricsIn).Except(Exported).ShouldBeEmpty(file);
            expressions.ShouldAllBe(expression => MetricsIn(expression).Count > 0);
        }
    }

    [Fact]
    public void Every_metric_of_an_alert_rule_exists()
    {
        var file = SourceTree.Files("*.yaml", "deploy/prometheus").ShouldHaveSingleItem();
        var expressions = RuleExpression().Matches(SourceTree.Read(file)).Select(match => match.Groups[1].Value).ToList();

        expressions.Count.ShouldBeGreaterThanOrEqualTo(8);
        expressions.SelectMany(MetricsIn).Except(Exported).ShouldBeEmpty();
        expressions.ShouldAllBe(expression => MetricsIn(expression).Count > 0);
    }

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.NameEquals("expr") ? [member.Value.GetString()!] : Expressions(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    // Labels have the same prefixes; they stand in braces and behind "by".
    private static List<string> MetricsIn(string expression) =>
        [.. Metric().Matches(Labels().Replace(expression, "")).Select(match => match.Value)];

    private static IEnumerable<(string Kind, string Name, string Unit)> Instruments() =>
        SourceTree.Files("*.cs", "src", "Orchestration.ServiceDefaults")
            .SelectMany(file => Instrument().Matches(SourceTree.Read(file)))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value, Unit().Match(match.Groups[3].Value).Groups[1].Value));

    // As the exporter names them, which PrometheusEndpointTests show.
    private static IEnumerable<string> NamesOf((string Kind, string Name, string Unit) instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return instrument.Kind switch
        {
            "Counter" => [name + "_total"],
            "Histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"\.Create(Counter|Histogram|UpDownCounter|ObservableGauge)(?:<\w+>)?\(\s*""([a-z_.]+)""((?:[^;""]|""[^""]*"")*);")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"""(\{[a-z]+\}|s)""")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\{[^}]*\}|\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(gen_ai|orchestration)_[a-z_]+\b")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\s*expr:\s*(.+)$", RegexOptions.Multiline)]
    private static partial Regex RuleExpression();
}
