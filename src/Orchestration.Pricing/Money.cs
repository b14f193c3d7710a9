using Wire = Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>An exact amount in one currency. Arithmetic never rounds: what cannot be held exactly is an <see cref="OverflowException"/>.</summary>
/// <param name="Amount">The amount; at most 15 digits after the point.</param>
/// <param name="Currency">ISO 4217 code in upper case.</param>
public readonly record struct Money(decimal Amount, string Currency)
{
    /// <summary>Most digits after the point that an amount may have in the ledger and on the wire.</summary>
    public const int MostFractionDigits = 15;

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0m, CurrencyCode.Checked(currency));

    /// <summary>Reads an amount in invariant notation.</summary>
    /// <exception cref="FormatException">The amount is not a decimal number or the currency is not an ISO 4217 code.</exception>
    /// <exception cref="OverflowException">The amount cannot be held exactly or has more than 15 digits after the point.</exception>
    public static Money Parse(string amount, string currency) =>
        new(ExactDecimal.Parse(amount, MostFractionDigits), CurrencyCode.Checked(currency));

    /// <inheritdoc cref="Parse"/>
    public static Money FromProto(Wire.Money money) => Parse(money.Amount, money.Currency);

    /// <exception cref="OverflowException">The amount has more than 15 digits after the point.</exception>
    public Wire.Money ToProto() => new() { Amount = FormatAmount(), Currency = CurrencyCode.Checked(Currency) };

    /// <summary>The amount in invariant notation, without exponent and trailing zeros.</summary>
    /// <exception cref="OverflowException">The amount has more than 15 digits after the point.</exception>
    public string FormatAmount() =>
        ExactDecimal.Trim(Amount).Scale <= MostFractionDigits ? ExactDecimal.Format(Amount) : throw ExactDecimal.Inexact();

    public Money Add(Money other) => new(ExactDecimal.Add(Amount, Same(other).Amount), Currency);

    public Money Subtract(Money other) => new(ExactDecimal.Add(Amount, -Same(other).Amount), Currency);

    public static Money operator +(Money left, Money right) => left.Add(right);

    public static Money operator -(Money left, Money right) => left.Subtract(right);

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>Orders two amounts of one currency.</summary>
    public int CompareTo(Money other) => Amount.CompareTo(Same(other).Amount);

    public override string ToString() => $"{ExactDecimal.Format(Amount)} {Currency}";

    private Money Same(Money other) => string.Equals(Currency, other.Currency, StringComparison.Ordinal)
        ? other
        : throw new InvalidOperationException($"{Currency} and {other.Currency} are different currencies.");
}
