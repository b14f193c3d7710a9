using System.Globalization;

namespace Orchestration.Pricing;

/// <summary>Decimal arithmetic that fails where <see cref="decimal"/> would round silently.</summary>
internal static class ExactDecimal
{
    private const int MostSignificantDigits = 28;

    public static decimal Multiply(decimal left, decimal right)
    {
        if (left == 0m || right == 0m) return 0m;
        var product = left * right;
        // A product keeps the sum of both scales unless it had to round, which idle zeros may have caused.
        if (product.Scale == left.Scale + right.Scale) return Trim(product);
        (left, right) = (Trim(left), Trim(right));
        product = left * right;
        return product.Scale == left.Scale + right.Scale ? Trim(product) : throw Inexact();
    }

    public static decimal Add(decimal left, decimal right)
    {
        var sum = left + right;
        if (sum.Scale == Math.Max(left.Scale, right.Scale)) return Trim(sum);
        (left, right) = (Trim(left), Trim(right));
        sum = left + right;
        return sum.Scale == Math.Max(left.Scale, right.Scale) ? Trim(sum) : throw Inexact();
    }

    /// <summary>Reads an invariant decimal without exponent, group separators or white space.</summary>
    public static decimal Parse(string text, int mostFractionDigits)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (text.Length == 0 || text[0] == '+' || !decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value))
            throw IsOnlyDigits(text) ? Inexact() : new FormatException($"'{Shortened(text)}' is not a decimal number.");

        // The text is measured, not the value: reading it may already have rounded.
        var significant = WithoutIdleZeros(text, out var fractionDigits);
        return significant <= MostSignificantDigits && fractionDigits <= mostFractionDigits ? Trim(value) : throw Inexact();
    }

    public static string Format(decimal value) => Trim(value).ToString(CultureInfo.InvariantCulture);

    /// <summary>The same number without trailing zeros, so that equal numbers have one form.</summary>
    public static decimal Trim(decimal value)
    {
        if (value == 0m) return 0m;
        while (value.Scale > 0 && EndsWithZero(value))
            value = decimal.Round(value, value.Scale - 1, MidpointRounding.ToZero);
        return value;
    }

    private static bool EndsWithZero(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        // Divided by five, 2^32 leaves 1, so the three parts of the number may be added.
        return (parts[0] & 1) == 0 && ((ulong)(uint)parts[0] + (uint)parts[1] + (uint)parts[2]) % 5 == 0;
    }

    public static OverflowException Inexact() => new("The number cannot be held exactly.");

    private static int WithoutIdleZeros(string text, out int fractionDigits)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? text : text[..point]).TrimStart('-').TrimStart('0');
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        fractionDigits = fraction.Length;
        return whole.Length > 0 ? whole.Length + fraction.Length : fraction.TrimStart('0').Length;
    }

    private static bool IsOnlyDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40];
}
