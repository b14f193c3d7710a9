using Google.Protobuf.Collections;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Budgets.Periods;
using Orchestration.Pricing;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Metrics.Budgets.Steering;

/// <summary>What a budget may look like. Everything that is wrong is found at once.</summary>
internal sealed class BudgetRules
{
    private const decimal LargestAmount = 1_000_000_000_000m;
    private const int LongestText = 100;
    private const int MostThresholds = 10;

    private readonly List<(string Member, string Reason)> _errors = [];

    /// <summary>The budget that a request describes.</summary>
    /// <exception cref="FailureException">Something is wrong; the message names every member at fault.</exception>
    public static StoredBudget Read(CreateBudgetRequest request, DateTimeOffset now)
    {
        var rules = new BudgetRules();
        var level = BudgetMapping.LevelOf(request.Scope);
        rules.Demand(request.TenantId.Length is > 0 and <= LongestText, "tenant_id", $"needs 1 to {LongestText} characters");
        rules.Demand(level is not null, "scope", "must be TENANT, PROJECT, KEY or MODEL_GROUP");
        rules.Demand(
            level is null || (level == BudgetLevel.Tenant) == (request.ScopeId.Length == 0) && request.ScopeId.Length <= LongestText,
            "scope_id",
            "is needed for a project, key or model group, and must be empty for the tenant");
        rules.Demand(BudgetMapping.KindOf(request.Period) is not null, "period", "must be DAY, WEEK, MONTH or LIFETIME");
        var zone = request.TimeZone.Length == 0 ? "UTC" : request.TimeZone;
        var amount = rules.ReadAmount(request.Amount?.Amount ?? "", request.Amount?.Currency ?? "");
        rules.CheckName(request.Name);
        rules.CheckZone(zone);
        rules.CheckThresholds(request.Thresholds);
        rules.CheckAction(request.Action, request.CheaperRoute);
        rules.ThrowIfAny();
        return new StoredBudget
        {
            Id = Guid.CreateVersion7(now),
            TenantId = request.TenantId,
            Name = request.Name,
            Scope = level!.Value,
            ScopeId = request.ScopeId,
            Amount = amount,
            Currency = request.Amount!.Currency,
            Period = BudgetMapping.KindOf(request.Period)!.Value,
            TimeZone = zone,
            Thresholds = [.. request.Thresholds.Order()],
            CheaperRoute = request.Action == BudgetAction.CheaperRoute ? request.CheaperRoute : null,
            Enabled = true,
            CountsSimulated = request.CountsSimulated,
            Version = 1,
            CreatedAt = now,
        };
    }

    /// <summary>Applies what a request sets.</summary>
    /// <exception cref="FailureException">Something is wrong; nothing was changed then.</exception>
    public static void Apply(UpdateBudgetRequest request, StoredBudget budget)
    {
        var rules = new BudgetRules();
        var action = request.Action == BudgetAction.Unspecified ? BudgetMapping.ActionOf(budget) : request.Action;
        var route = request.HasCheaperRoute ? request.CheaperRoute : action == BudgetAction.CheaperRoute ? budget.CheaperRoute ?? "" : "";
        var kind = request.Period == BudgetPeriod.Unspecified ? budget.Period : BudgetMapping.KindOf(request.Period);
        var amount = request.HasAmount ? rules.ReadAmount(request.Amount, budget.Currency) : budget.Amount;
        rules.Demand(kind is not null, "period", "must be DAY, WEEK, MONTH or LIFETIME");
        if (request.HasName)
            rules.CheckName(request.Name);
        if (request.HasTimeZone)
            rules.CheckZone(request.TimeZone);
        rules.CheckThresholds(request.Thresholds);
        rules.Demand(request.ReplaceThresholds || request.Thresholds.Count == 0, "thresholds", "are only taken with replace_thresholds");
        rules.CheckAction(action, route);
        rules.ThrowIfAny();
        budget.Name = request.HasName ? request.Name : budget.Name;
        budget.Amount = amount;
        budget.Period = kind!.Value;
        budget.TimeZone = request.HasTimeZone ? request.TimeZone : budget.TimeZone;
        budget.Thresholds = request.ReplaceThresholds ? [.. request.Thresholds.Order()] : budget.Thresholds;
        budget.CheaperRoute = action == BudgetAction.CheaperRoute ? route : null;
        budget.Enabled = request.HasEnabled ? request.Enabled : budget.Enabled;
        budget.Version++;
    }

    private void Demand(bool holds, string member, string reason)
    {
        if (!holds)
            _errors.Add((member, reason));
    }

    private decimal ReadAmount(string amount, string currency)
    {
        try
        {
            var money = Money.Parse(amount, currency);
            Demand(money.Amount is >= 0 and <= LargestAmount, "amount", $"must lie between 0 and {LargestAmount:F0}");
            return money.Amount;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            Demand(false, "amount", exception.Message.TrimEnd('.'));
            return 0;
        }
    }

    private void CheckName(string name) => Demand(
        name.Length <= LongestText && !name.Any(char.IsControl), "name", $"may have at most {LongestText} printable characters");

    private void CheckZone(string zone) => Demand(BudgetCalendar.IsZone(zone), "time_zone", "is not the IANA name of a time zone");

    private void CheckThresholds(RepeatedField<int> thresholds) => Demand(
        thresholds.Count <= MostThresholds && thresholds.All(percent => percent is >= 1 and <= 100) && thresholds.Distinct().Count() == thresholds.Count,
        "thresholds",
        $"are at most {MostThresholds} percentages from 1 to 100, each once");

    private void CheckAction(BudgetAction action, string route)
    {
        Demand(Enum.IsDefined(action), "action", "must be REFUSE or CHEAPER_ROUTE");
        Demand(
            (action == BudgetAction.CheaperRoute) == (route.Length > 0) && route.Length <= LongestText,
            "cheaper_route",
            "is needed for CHEAPER_ROUTE, and must be empty otherwise");
    }

    private void ThrowIfAny()
    {
        if (_errors.Count == 0)
            return;
        throw new FailureException(new Failure
        {
            FailureClass = FailureClass.InvalidRequest,
            Code = "invalid_budget",
            Message = string.Join("; ", _errors.Select(error => $"{error.Member} {error.Reason}")) + ".",
            Param = string.Join(",", _errors.Select(error => error.Member)),
        });
    }
}
