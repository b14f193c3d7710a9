using System.Text.Json.Serialization;

namespace Orchestration.Simulator.Vendors;

/// <summary>The data file of vendors: how each of them writes, counts, waits and charges.</summary>
internal sealed record VendorFile
{
    public required IReadOnlyList<VendorRecord> Vendors { get; init; }
}

internal sealed record VendorRecord
{
    public required string Id { get; init; }

    public required double LettersPerToken { get; init; }

    public required int CjkTokensPerHundred { get; init; }

    public required int FirstTokenMs { get; init; }

    public required double TokenMs { get; init; }

    public int KeepAliveMs { get; init; }

    public required ReasoningForm Reasoning { get; init; }

    public required IReadOnlyList<ModelRecord> Models { get; init; }
}

internal sealed record ModelRecord
{
    public required string Id { get; init; }

    public bool Reasoning { get; init; }

    /// <summary>True when the model only reasons if the request asks for it.</summary>
    public bool ReasoningOnRequest { get; init; }

    /// <summary>True when tool calls must come back with the signature that they left with.</summary>
    public bool Signs { get; init; }

    /// <summary>True for a model that orders documents.</summary>
    public bool Rerank { get; init; }

    /// <summary>What the model refuses: "sampling", "budget", "prefill".</summary>
    public IReadOnlyList<string> Rejects { get; init; } = [];

    /// <summary>True for a model that the vendor has withdrawn: a strict vendor answers for it as it would.</summary>
    public bool Retired { get; init; }

    /// <summary>The form of its vendor's wire that the model writes in; absent for the usual one.</summary>
    public string? Variant { get; init; }

    public int? Dimensions { get; init; }

    public int? FirstTokenMs { get; init; }

    public double? TokenMs { get; init; }

    public PriceRecord? Price { get; init; }
}

/// <summary>List price of a short ordinary request, per million tokens.</summary>
internal sealed record PriceRecord(string Currency, decimal Input, decimal CachedInput, decimal Output)
{
    /// <summary>Price of input that is written to the cache; absent when it costs what other input costs.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Price of one search unit.</summary>
    public decimal PerSearch { get; init; }
}

/// <summary>What a client sees of a model's reasoning: nothing at all, only its token count, or its text.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<ReasoningForm>))]
internal enum ReasoningForm { None, Hidden, Text }

internal sealed class LowerCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(LowerCase.Policy, allowIntegerValues: false)
    where TEnum : struct, Enum;

internal sealed class LowerCase : System.Text.Json.JsonNamingPolicy
{
    public static readonly LowerCase Policy = new();

    public override string ConvertName(string name) => name.ToLowerInvariant();
}
