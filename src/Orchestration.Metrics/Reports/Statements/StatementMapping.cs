using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Reports.Statements;

/// <summary>Statements as they travel.</summary>
internal static class StatementMapping
{
    public static Statement ToWire(this MonthlyStatement statement)
    {
        var wire = new Statement
        {
            TenantId = statement.Question.TenantId,
            Month = statement.Question.Month,
            TimeZone = statement.Question.TimeZone,
            CostCentre = statement.Question.TagName is { } tag ? "tag:" + tag : "project",
            Closed = statement.ClosedAt is not null,
            ClosedAt = statement.ClosedAt?.ToTimestamp(),
            AsOf = statement.AsOf.ToTimestamp(),
            Notes = { statement.Notes },
        };
        wire.Lines.AddRange(statement.Items.Select(item => new StatementLine
        {
            Kind = Kind(item),
            CostCentre = item.CostCentre,
            KeyId = item.KeyId,
            Provider = item.Provider,
            Model = item.Model,
            Requests = item.Usage?.Requests ?? 0,
            Tokens = item.Usage?.ToTokens(),
            Amount = new Money(item.Amount, item.Currency).ToProto(),
            BelongsTo = item.BelongsTo,
            Reason = item.Reason,
        }));
        wire.CostCentres.AddRange(statement.CostCentres.Select(sum => new StatementTotal { CostCentre = sum.CostCentre, Amount = new Money(sum.Amount, sum.Currency).ToProto() }));
        wire.Totals.AddRange(statement.Totals.Select(sum => new Money(sum.Amount, sum.Currency).ToProto()));
        return wire;
    }

    public static string Kind(StatementItem item) => item.Usage is null ? "adjustment" : "usage";
}
