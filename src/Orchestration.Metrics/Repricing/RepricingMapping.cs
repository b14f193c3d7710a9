using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Metrics.Repricing;

internal static class RepricingMapping
{
    public static Contracts.Metrics.V1.Repricing ToWire(RepricingRow row) => new()
    {
        RepricingId = row.Id.ToString("D"),
        State = row.State switch
        {
            RepricingStates.Preparing => RepricingState.Preparing,
            RepricingStates.Prepared => RepricingState.Prepared,
            RepricingStates.Applying => RepricingState.Applying,
            RepricingStates.Applied => RepricingState.Applied,
            RepricingStates.Reversing or RepricingStates.Cancelling => RepricingState.Reversing,
            RepricingStates.Reversed => RepricingState.Reversed,
            _ => RepricingState.Cancelled,
        },
        Request = JsonParser.Default.Parse<PrepareRepricingRequest>(row.Request),
        CreatedAt = Timestamp.FromDateTimeOffset(row.CreatedAt),
        ChangedAt = Timestamp.FromDateTimeOffset(row.ChangedAt),
        AttemptsSeen = row.Seen,
        AttemptsDiffering = row.Differing,
        AttemptsUnexplained = row.Unexplained,
        Problem = row.Problem,
    };

    /// <param name="row">The month.</param>
    /// <param name="adjusted">Sums of adjustment lines of the month by tenant and currency.</param>
    public static ClosedMonth ToWire(ClosedMonthRow row, ILookup<(string TenantId, string Currency), decimal> adjusted) => new()
    {
        TenantId = row.TenantId,
        Month = row.Month,
        TimeZone = row.TimeZone,
        PeriodFrom = Timestamp.FromDateTimeOffset(row.PeriodFrom),
        PeriodTo = Timestamp.FromDateTimeOffset(row.PeriodTo),
        ClosedAt = Timestamp.FromDateTimeOffset(row.ClosedAt),
        Actor = row.Actor,
        Totals =
        {
            JsonSerializer.Deserialize<List<FrozenTotal>>(row.Totals)!.Select(total => new MonthTotal
            {
                TenantId = total.TenantId,
                Attempts = total.Attempts,
                Simulated = total.Simulated,
                Billed = new Money(total.Billed, total.Currency).ToProto(),
                Adjusted = new Money(total.Simulated ? 0m : adjusted[(total.TenantId, total.Currency)].Sum(), total.Currency).ToProto(),
            }),
        },
    };

    public static Adjustment ToWire(AdjustmentRow row) => new()
    {
        AdjustmentId = row.Id.ToString("D"),
        TenantId = row.TenantId,
        ProjectId = row.ProjectId,
        Provider = row.Provider,
        Model = row.Model,
        Amount = new Money(row.Amount, row.Currency).ToProto(),
        BelongsTo = row.BelongsTo,
        BookedIn = row.BookedIn,
        Reason = row.Reason,
        Actor = row.Actor,
        RepricingId = row.RepricingId?.ToString("D") ?? "",
        CreatedAt = Timestamp.FromDateTimeOffset(row.CreatedAt),
    };
}
