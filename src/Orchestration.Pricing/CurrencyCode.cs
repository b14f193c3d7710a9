namespace Orchestration.Pricing;

/// <summary>ISO 4217 codes, by their form.</summary>
public static class CurrencyCode
{
    /// <summary>Whether a text has the form of a code: three upper-case ASCII letters.</summary>
    public static bool IsValid(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    /// <summary>The code as it is.</summary>
    /// <exception cref="FormatException">It has another form.</exception>
    public static string Checked(string? currency) =>
        IsValid(currency) ? currency! : throw new FormatException("A currency is a three-letter ISO 4217 code in upper case.");
}
