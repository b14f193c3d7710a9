using System.Text.RegularExpressions;

namespace Orchestration.Providers.Profiles;

/// <summary>How the balance of an account is read with its key.</summary>
internal sealed partial record BalanceProfile
{
    /// <summary>What is appended to the base address; from the host's root when it begins with a slash.</summary>
    public required string Path { get; init; }

    /// <summary>JSON pointer to the amount, a number or a string.</summary>
    public required string Amount { get; init; }

    /// <summary>JSON pointer to what is used up of the amount; empty when the amount is what is left.</summary>
    public string Used { get; init; } = "";

    /// <summary>Where <see cref="Used"/> is read from; empty means the same answer.</summary>
    public string UsedPath { get; init; } = "";

    /// <summary>How many units of <see cref="Used"/> one unit of the currency has, for example 100 for cents.</summary>
    public decimal UsedUnits { get; init; } = 1;

    /// <summary>How many units of <see cref="Amount"/> one unit of the currency has.</summary>
    public decimal Units { get; init; } = 1;

    /// <summary>ISO 4217 code, or a JSON pointer to it.</summary>
    public required string Currency { get; init; }

    /// <summary>Currencies of regions that have one of their own.</summary>
    public IReadOnlyDictionary<string, string> RegionCurrencies { get; init; } = new Dictionary<string, string>();

    /// <summary>JSON pointer to a boolean that says whether the account may be used; empty when there is none.</summary>
    public string Usable { get; init; } = "";

    /// <summary>Balance under which operators are told, in the account's currency.</summary>
    public decimal Warning { get; init; } = 10;

    /// <summary>What is wrong with it, beginning with the member; null when nothing is.</summary>
    public string? Problem()
    {
        if (Path.Length == 0 || Path.Contains("://", StringComparison.Ordinal) || UsedPath.Contains("://", StringComparison.Ordinal)) return "balance.path must be a path";
        if (new[] { Path, UsedPath }.Any(p => p.StartsWith("//", StringComparison.Ordinal))) return "balance.path must be a path";
        if (!Amount.StartsWith('/')) return "balance.amount must be a JSON pointer";
        if (new[] { Used, Usable }.Any(p => p.Length > 0 && !p.StartsWith('/'))) return "balance.used and balance.usable must be JSON pointers";
        if (!Currency.StartsWith('/') && !Code().IsMatch(Currency)) return "balance.currency must be a currency or a JSON pointer";
        if (RegionCurrencies.Values.Any(c => !Code().IsMatch(c))) return "balance.regionCurrencies must be currencies";
        if (Units <= 0 || UsedUnits <= 0) return "balance.units must be positive";
        return Warning < 0 ? "balance.warning must not be negative" : null;
    }

    [GeneratedRegex("^[A-Z]{3}$")]
    private static partial Regex Code();
}
