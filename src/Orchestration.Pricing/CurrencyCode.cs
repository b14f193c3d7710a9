namespace Orchestration.Pricing;

internal static class CurrencyCode
{
    public static bool IsValid(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    public static string Checked(string? currency) =>
        IsValid(currency) ? currency! : throw new FormatException("A currency is a three-letter ISO 4217 code in upper case.");
}
