using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.Pricing;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>The messages of the lease stream, read and written. What makes no sense ends the stream.</summary>
internal static class LeaseMessages
{
    private const int MostIds = 1_000;

    public static FailureException Invalid(string param, string message) => new(new Failure
    {
        FailureClass = FailureClass.InvalidRequest, Code = "invalid_lease_message", Message = message, Param = param,
    });

    public static Demand Read(LeaseDemand demand)
    {
        if (demand.TenantId.Length == 0)
            throw Invalid("tenant_id", "A demand names a tenant.");
        return new Demand(
            demand.TenantId,
            demand.ProjectId,
            demand.KeyId,
            [.. demand.ModelGroups],
            demand.Currency,
            ReadAmount("worst_case", demand.WorstCase, demand.Currency),
            demand.Simulated,
            [.. ReadIds(demand.CoveredBudgetIds)],
            demand.AheadOfNeed);
    }

    public static Dictionary<Guid, decimal> Read(LeaseReturn returned)
    {
        if (returned.Amounts.Count > MostIds)
            throw Invalid("amounts", $"At most {MostIds} amounts may be returned at once.");
        var amounts = new Dictionary<Guid, decimal>(returned.Amounts.Count);
        foreach (var amount in returned.Amounts)
        {
            var id = ReadId(amount.LeaseId);
            amounts[id] = amounts.GetValueOrDefault(id) + ReadAmount("amount", amount.Amount, "USD");
        }

        return amounts;
    }

    public static IReadOnlyCollection<Guid> ReadIds(IReadOnlyCollection<string> ids) =>
        ids.Count <= MostIds ? [.. ids.Select(ReadId).Distinct()] : throw Invalid("ids", $"At most {MostIds} ids may be told at once.");

    public static LeaseResponse Answer(long number, DemandOutcome outcome)
    {
        if (outcome is DemandOutcome.Met met)
        {
            var grant = new LeaseGrant { Number = number };
            grant.Leases.AddRange(met.Leases.Select(ToProto));
            grant.BudgetIds.AddRange(met.BudgetIds.Select(id => id.ToString("D")));
            return new LeaseResponse { Grant = grant };
        }

        var refusal = new LeaseRefusal { Number = number };
        refusal.Shortages.AddRange(((DemandOutcome.Refused)outcome).Shortages.Select(ToProto));
        return new LeaseResponse { Refusal = refusal };
    }

    public static LeaseResponse Renewed(long number, IReadOnlyList<Granted> leases)
    {
        var renewed = new LeaseRenewed { Number = number };
        renewed.Leases.AddRange(leases.Select(ToProto));
        return new LeaseResponse { Renewed = renewed };
    }

    private static Guid ReadId(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw Invalid("id", "An id is a UUID in its 36-character form.");

    private static decimal ReadAmount(string param, string text, string currency)
    {
        try
        {
            var money = Money.Parse(text, currency);
            return money.Amount >= 0 ? money.Amount : throw Invalid(param, "An amount is 0 or more.");
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw Invalid(param, $"{param}: {exception.Message}");
        }
    }

    private static GrantedLease ToProto(Granted granted) => new()
    {
        LeaseId = granted.LeaseId.ToString("D"),
        BudgetId = granted.BudgetId.ToString("D"),
        Amount = BudgetMapping.Text(granted.Amount),
        TimeLeft = Duration.FromTimeSpan(granted.TimeLeft),
        ExpiresAt = granted.ExpiresAt.ToTimestamp(),
        Left = BudgetMapping.Text(granted.Left),
    };

    private static BudgetShortage ToProto(Shortage shortage) => new()
    {
        BudgetId = shortage.Budget.Id.ToString("D"),
        Name = shortage.Budget.Name,
        Scope = BudgetMapping.ToProto(shortage.Budget.Scope),
        ScopeId = shortage.Budget.ScopeId,
        Left = new Money(shortage.Left, shortage.Budget.Currency).ToProto(),
        ResetsAt = shortage.ResetsAt?.ToTimestamp(),
        Action = BudgetMapping.ActionOf(shortage.Budget),
        CheaperRoute = shortage.Budget.CheaperRoute ?? "",
    };
}
