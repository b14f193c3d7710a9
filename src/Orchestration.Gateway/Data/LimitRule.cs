using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Gateway.Data;

/// <summary>One limit of one level: of a tenant, a project, a key or an end user.</summary>
/// <param name="Kind">One of <see cref="LimitKinds"/>.</param>
/// <param name="Amount">Most requests, tokens or running requests; above zero.</param>
/// <param name="WindowSeconds">Length of the sliding window; 0 for concurrency, which has none.</param>
/// <param name="Model">Requested name that it counts, in lower case; empty counts all names together.</param>
internal sealed record LimitRule(string Kind, long Amount, int WindowSeconds, string Model);

/// <summary>What a limit counts.</summary>
internal static class LimitKinds
{
    public const string Requests = "requests";
    public const string Tokens = "tokens";
    public const string Concurrency = "concurrency";
}

/// <summary>Lists of limits as one JSON column.</summary>
internal static class LimitColumns
{
    private static readonly ValueComparer<List<LimitRule>> ByValue = new(
        (left, right) => ReferenceEquals(left, right) || (left != null && right != null && left.SequenceEqual(right)),
        rules => rules.Aggregate(0, HashCode.Combine),
        rules => rules.ToList());

    public static void IsLimits(this PropertyBuilder<List<LimitRule>> property) => property
        .HasColumnType("jsonb")
        .HasDefaultValueSql("'[]'::jsonb")
        .HasConversion(
            rules => JsonSerializer.Serialize(rules, LimitJsonContext.Default.ListLimitRule),
            json => JsonSerializer.Deserialize(json, LimitJsonContext.Default.ListLimitRule)!,
            ByValue);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<LimitRule>))]
internal sealed partial class LimitJsonContext : JsonSerializerContext;
