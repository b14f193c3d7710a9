using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Pricing;
using Orchestration.ServiceDefaults.Failures;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Repricing;

/// <summary>Checks what operators ask for.</summary>
internal static class RepricingRequests
{
    private const int MostRules = 200;
    private const int MostFactorDigits = 6;
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(400);

    // Recovery takes its time after a request may be settled in the place of its process.
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <exception cref="FailureException">Something is missing or wrong.</exception>
    public static void Check(PrepareRepricingRequest request, DateTimeOffset now, TimeSpan openFor)
    {
        CheckText("reason", request.Reason, 500);
        CheckText("actor", request.Actor, 200);
        if (request.PeriodFrom is null || request.PeriodTo is null || request.PeriodFrom.ToDateTimeOffset() >= request.PeriodTo.ToDateTimeOffset()) throw Invalid("period_to", "The period has a beginning and a later end.");
        if (request.PeriodTo.ToDateTimeOffset() > now) throw Invalid("period_to", "The period lies in the past.");
        if (request.PeriodTo.ToDateTimeOffset() > now - openFor - Settling)
            throw Invalid("period_to", FormattableString.Invariant($"The period ends at least {(openFor + Settling).TotalMinutes:0} minutes ago: until then the ledger may still settle requests whose process died."));
        if (request.PeriodTo.ToDateTimeOffset() - request.PeriodFrom.ToDateTimeOffset() > LongestPeriod) throw Invalid("period_to", "The period has at most 400 days.");
        if (request.Rules.Count is 0 or > MostRules) throw Invalid("rules", "There are 1 to 200 rules.");
        for (var i = 0; i < request.Rules.Count; i++) Check(request.Rules[i], $"rules[{i}]");
    }

    public static void CheckText(string param, string text, int longest)
    {
        if (text.Trim().Length == 0 || text.Length > longest) throw Invalid(param, $"It has 1 to {longest} characters.");
    }

    /// <summary>The id that the caller gave a line; null when it gave none.</summary>
    /// <exception cref="FailureException">It is no UUID.</exception>
    public static Guid? IdOf(Adjustment line) => line.AdjustmentId.Length == 0 ? null
        : Guid.TryParseExact(line.AdjustmentId, "D", out var id) && id != Guid.Empty ? id : throw Invalid("adjustment.adjustment_id", "It is no UUID.");

    public static Money AmountOf(Adjustment line)
    {
        try
        {
            var amount = Money.FromProto(line.Amount ?? new Contracts.Pricing.V1.Money());
            return amount.Amount != 0m ? amount : throw Invalid("adjustment.amount", "It is zero.");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            throw Invalid("adjustment.amount", "It is not an amount with a currency.");
        }
    }

    public static FailureException Invalid(string param, string message) =>
        new(new Failure { FailureClass = FailureClass.InvalidRequest, Code = "invalid_" + param.Split('.', '[')[0], Message = message, Param = param });

    private static void Check(RepricingRule rule, string path)
    {
        try
        {
            switch (rule.ChangeCase)
            {
                case RepricingRule.ChangeOneofCase.Price:
                    if (rule.Price.Billing is not null) throw Invalid($"{path}.price.billing", "A provider's price has no terms.");
                    Price.Parse(rule.Price);
                    break;
                case RepricingRule.ChangeOneofCase.Factor:
                    if (Money.Parse(rule.Factor, "USD").Amount is var factor && (factor < 0m || factor > 1_000m || factor.Scale > MostFactorDigits)) throw Invalid($"{path}.factor", "It lies between 0 and 1000 and has at most 6 digits after the point.");
                    break;
                default:
                    throw Invalid(path, "It has neither a price nor a factor.");
            }
        }
        catch (InvalidPriceException invalid)
        {
            throw Invalid($"{path}.price.{invalid.Member}", $"It {invalid.Reason}.");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            throw Invalid($"{path}.factor", "It is not a decimal number.");
        }
    }
}
