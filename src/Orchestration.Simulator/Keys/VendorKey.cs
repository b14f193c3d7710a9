namespace Orchestration.Simulator.Keys;

/// <summary>What a vendor knows of a key; members left out stay as they are when it is set again.</summary>
internal sealed record VendorKey
{
    /// <summary>"cn" or "intl"; absent for a key whose beginning says it, or that is good everywhere.</summary>
    public string? Region { get; init; }

    public bool? Disabled { get; init; }

    /// <summary>True for a key that may not use the models.</summary>
    public bool? Forbidden { get; init; }

    /// <summary>Money of the account, in the currency of its vendor; every answer is paid from it, and nothing is answered at zero. Absent for an account without end.</summary>
    public decimal? Balance { get; init; }

    /// <summary>Requests at a time; more are refused. Absent for no limit.</summary>
    public int? Concurrency { get; init; }
}

/// <summary>How the beginning of a key tells its region.</summary>
internal sealed record KeyRule(Dictionary<string, string> Prefixes);

internal sealed record KeyListing(IReadOnlyDictionary<string, VendorKey> Keys);
