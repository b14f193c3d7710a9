using System.Globalization;
using System.Text.Json;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Balances;

/// <summary>Reads what an account has left.</summary>
internal sealed class BalanceReader(VendorCalls calls)
{
    /// <summary>The balance; null when the vendor did not tell it in the form that the profile knows.</summary>
    public async Task<BalanceReading?> ReadAsync(VendorProfile profile, Deployment target, Secret secret, CancellationToken cancellationToken)
    {
        if (profile.Balance is not { } balance) return null;
        using var answer = await GetAsync(profile, target, balance.Path, secret, cancellationToken);
        if (answer is null) return null;
        using var other = balance.UsedPath.Length > 0 ? await GetAsync(profile, target, balance.UsedPath, secret, cancellationToken) : null;
        if (balance.UsedPath.Length > 0 && other is null) return null;
        return Read(balance, target.Region, answer.RootElement, other?.RootElement);
    }

    public static BalanceReading? Read(BalanceProfile balance, string region, JsonElement answer, JsonElement? usedAnswer = null)
    {
        if (LeftOf(balance, answer, usedAnswer ?? answer) is not { } left) return null;
        var currency = balance.RegionCurrencies.TryGetValue(region, out var own) ? own
            : balance.Currency.StartsWith('/') ? At(answer, balance.Currency) is { ValueKind: JsonValueKind.String } told ? told.GetString()! : ""
            : balance.Currency;
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper)) return null;
        var allowed = balance.Usable.Length == 0 || At(answer, balance.Usable) is { ValueKind: JsonValueKind.True };
        return new BalanceReading(new Money(decimal.Round(left, 6, MidpointRounding.ToZero), currency), allowed && left > 0);
    }

    private async Task<JsonDocument?> GetAsync(VendorProfile profile, Deployment target, string path, Secret secret, CancellationToken cancellationToken)
    {
        if (await calls.SendAsync(profile, target, path, secret, body: null, cancellationToken) is not VendorAnswer.Answered { IsSuccess: true } answered) return null;
        try
        {
            return JsonDocument.Parse(answered.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static decimal? LeftOf(BalanceProfile balance, JsonElement answer, JsonElement usedAnswer)
    {
        if (NumberAt(answer, balance.Amount) is not { } amount) return null;
        try
        {
            if (balance.Used.Length == 0) return amount / balance.Units;
            return NumberAt(usedAnswer, balance.Used) is { } used ? amount / balance.Units - used / balance.UsedUnits : null;
        }
        catch (OverflowException)
        {
            // A number that no account holds tells nothing of this one.
            return null;
        }
    }

    private static decimal? NumberAt(JsonElement element, string pointer) => At(element, pointer) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var value) => value,
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    // JSON pointer, RFC 6901.
    private static JsonElement? At(JsonElement element, string pointer)
    {
        foreach (var step in pointer.Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength())
                element = element[index];
            else if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out var member))
                element = member;
            else
                return null;
        }

        return element;
    }
}

/// <summary>A balance as read.</summary>
/// <param name="Balance">What is left.</param>
/// <param name="Usable">True when the account may be used.</param>
internal sealed record BalanceReading(Money Balance, bool Usable);
