using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Orchestration.Metrics.Alerts.Data;

/// <summary>What is known of an alert, as a JSON object of texts.</summary>
internal static class FactsJson
{
    public static readonly ValueConverter<Dictionary<string, string>, string> Converter = new(
        facts => JsonSerializer.Serialize(facts, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default)!);

    public static readonly ValueComparer<Dictionary<string, string>> Comparer = new(
        (left, right) => left!.Count == right!.Count && !left.Except(right).Any(),
        facts => facts.Count,
        facts => new Dictionary<string, string>(facts));
}
