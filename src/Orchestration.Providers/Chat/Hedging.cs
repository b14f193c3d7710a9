using Orchestration.Pricing;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>When a request may be sent to a second candidate because the first is silent: once, for streams, if the route can afford it.</summary>
/// <remarks>A plain answer speaks only when it is complete, so its silence says nothing about its provider.</remarks>
internal sealed class Hedging(ExecutionOrder order, bool streamed, HedgeSpend spend, TimeProvider time)
{
    private bool _done = !streamed || order.Limits.HedgeAfter is null;
    private long _startedAt;

    /// <summary>Time that is left for the first attempt alone; null when no hedge follows.</summary>
    public TimeSpan? Patience => _done ? null : Max(order.Limits.HedgeAfter!.Value - time.GetElapsedTime(_startedAt));

    /// <summary>An attempt begins alone.</summary>
    public void Begin() => _startedAt = time.GetTimestamp();

    /// <summary>The one chance was taken or let go.</summary>
    public void Done() => _done = true;

    public HedgeAllowance? TryAfford(Money expected) => spend.TryBegin(order.Plan.Route, order.Limits.HedgeSpendPercent, expected);

    private static TimeSpan Max(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
