using Orchestration.Pricing;

namespace Orchestration.Gateway.RouteTables;

/// <summary>Rates of one tier as plain numbers, to compare candidates by within microseconds. Nothing is billed by them.</summary>
/// <param name="Input">Of a million tokens of the prompt that no cache held.</param>
/// <param name="CacheRead">Of a million tokens of the prompt that the provider's cache held.</param>
/// <param name="Output">Of a million tokens of the answer.</param>
internal readonly record struct ComparableRates(double Input, double CacheRead, double Output)
{
    private const double Unit = 1_000_000;

    public static ComparableRates Of(TokenRates rates) => new((double)rates.Input, (double)rates.CacheRead, (double)rates.Output);

    /// <summary>Of a request, in the currency of the rates.</summary>
    public double ExpenseOf(double input, double cached, double output) =>
        (((input - cached) * Input) + (cached * CacheRead) + (output * Output)) / Unit;
}
