using System.Globalization;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Formatting;

/// <summary>Amounts of money as people read them: exact in the ledger, rounded only here.</summary>
internal static class Amounts
{
    public static decimal Read(Money? money) => money is null ? 0m : Read(money.Amount);

    public static decimal Read(string amount) => decimal.TryParse(amount, NumberStyles.Number, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0m;

    /// <summary>Two digits after the point from one unit on, up to six below.</summary>
    public static string Short(decimal amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{(Math.Abs(amount) >= 1m || amount == 0m ? amount.ToString("N2", CultureInfo.InvariantCulture) : amount.ToString("0.######", CultureInfo.InvariantCulture))} {currency}");

    public static string Short(Money? money) => money is null ? "–" : Short(Read(money), money.Currency);

    /// <summary>A part of a whole in percent; "–" without a whole.</summary>
    public static string Share(long part, long whole) => whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100m * part / whole:0.0} %");

    /// <summary>How much of a budget is used, 0 to 100.</summary>
    public static int Percent(decimal part, decimal whole) => whole <= 0m ? 0 : (int)Math.Clamp(Math.Floor(part / whole * 100m), 0m, 100m);
}
