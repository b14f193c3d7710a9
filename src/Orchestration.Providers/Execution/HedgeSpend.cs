using System.Collections.Concurrent;
using Orchestration.Pricing;

namespace Orchestration.Providers.Execution;

/// <summary>
/// Keeps what hedges add to a route's spend under the route's percentage over a rolling hour. Counted per route and tenant currency (what
/// tenants are billed in is the one currency that all attempts of a request share), by every replica for the requests that it executes.
/// A route without an hour behind it has nothing to take a percentage of, so its first requests are not hedged.
/// </summary>
internal sealed class HedgeSpend(TimeProvider time)
{
    private const int DefaultPercent = 5;
    private readonly ConcurrentDictionary<(string Route, string Currency), RouteSpend> _routes = new();

    /// <summary>Sets an expected extra cost aside; null when the route cannot afford it now.</summary>
    /// <param name="route">Name of the route.</param>
    /// <param name="percent">The route's cap; 0 for the default of 5.</param>
    /// <param name="expected">What the losing attempt will likely cost.</param>
    public HedgeAllowance? TryBegin(string route, int percent, Money expected)
    {
        var spend = Of(route, expected.Currency);
        return spend.TryHold(expected.Amount, percent > 0 ? percent : DefaultPercent)
            ? new HedgeAllowance(() => spend.Release(expected.Amount))
            : null;
    }

    /// <summary>Books what an attempt cost.</summary>
    /// <param name="route">Name of the route.</param>
    /// <param name="cost">In the tenant's currency.</param>
    /// <param name="extra">True for an attempt that would not have been paid without a hedge.</param>
    public void Book(string route, Money cost, bool extra) => Of(route, cost.Currency).Book(cost.Amount, extra);

    private RouteSpend Of(string route, string currency) => _routes.GetOrAdd((route, currency), static (_, time) => new RouteSpend(time), time);

    private sealed class RouteSpend(TimeProvider time)
    {
        private const int Minutes = 60;
        private readonly Lock _gate = new();
        private readonly (long Minute, decimal Plain, decimal Extra)[] _minutes = new (long, decimal, decimal)[Minutes];
        private decimal _held;

        public bool TryHold(decimal expected, int percent)
        {
            lock (_gate)
            {
                var oldest = Minute() - Minutes + 1;
                var (plain, extra) = (0m, 0m);
                foreach (var minute in _minutes)
                {
                    if (minute.Minute < oldest) continue;
                    plain += minute.Plain;
                    extra += minute.Extra;
                }

                if (extra + _held + expected > plain * percent / 100) return false;
                _held += expected;
                return true;
            }
        }

        public void Release(decimal expected)
        {
            lock (_gate) _held -= expected;
        }

        public void Book(decimal cost, bool extra)
        {
            lock (_gate)
            {
                var now = Minute();
                ref var minute = ref _minutes[now % Minutes];
                if (minute.Minute != now) minute = (now, 0, 0);
                if (extra) minute.Extra += cost;
                else minute.Plain += cost;
            }
        }

        private long Minute() => time.GetTimestamp() / (time.TimestampFrequency * 60);
    }
}

/// <summary>An extra cost that was set aside until the hedge ended.</summary>
internal sealed class HedgeAllowance(Action release) : IDisposable
{
    private int _released;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) release();
    }
}
