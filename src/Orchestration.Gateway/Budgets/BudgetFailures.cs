using System.Globalization;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Budgets;

/// <summary>What clients are told of budgets.</summary>
internal static class BudgetFailures
{
    public const string ExhaustedCode = "budget_exhausted";

    /// <summary>Names the budget that has the least left, and when it starts anew.</summary>
    public static BudgetOutcome.Exhausted Exhausted(LeaseRefusal refusal, decimal amount)
    {
        var shortage = refusal.Shortages.MinBy(budget => Money.FromProto(budget.Left).Amount)!;
        var left = Money.FromProto(shortage.Left);
        var failure = new Failure
        {
            FailureClass = FailureClass.BudgetExhausted,
            Code = ExhaustedCode,
            Limit = Name(shortage),
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"The {Name(shortage)} has {left.FormatAmount()} {left.Currency} left, and this request may cost {new Money(amount, left.Currency).FormatAmount()} {left.Currency}. {Reset(shortage)}"),
        };
        // A request goes another way only when every budget that is short says so.
        var another = refusal.Shortages.All(budget => budget.Action == BudgetAction.CheaperRoute) ? shortage.CheaperRoute : "";
        return new BudgetOutcome.Exhausted(failure, another, shortage.Name);
    }

    public static Failure Unknown() => Failures.Unavailable(
        "budget_unavailable", "Whether the budget allows this request cannot be found out right now, so it is not run.", TimeSpan.FromSeconds(2));

    private static string Name(BudgetShortage shortage)
    {
        var scope = shortage.Scope switch
        {
            BudgetScope.Project => $"of project '{shortage.ScopeId}'",
            BudgetScope.Key => "of this API key",
            BudgetScope.ModelGroup => $"for '{shortage.ScopeId}'",
            _ => "of the tenant",
        };
        return shortage.Name.Length > 0 ? $"budget '{shortage.Name}' {scope}" : $"budget {scope}";
    }

    private static string Reset(BudgetShortage shortage) => shortage.ResetsAt is { } resets
        ? string.Create(CultureInfo.InvariantCulture, $"It starts anew at {resets.ToDateTime():yyyy-MM-dd'T'HH:mm:ss'Z'}.")
        : "It does not start anew.";
}
