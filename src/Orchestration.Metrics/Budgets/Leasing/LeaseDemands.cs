using Microsoft.Extensions.Options;
using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Meets demands; before one is refused, other gateways are asked for what they have idle.</summary>
internal sealed class LeaseDemands(LeaseGranting granting, BudgetSignals signals, TimeProvider timeProvider, IOptions<BudgetOptions> options)
{
    public async Task<DemandOutcome> MeetAsync(Holder holder, Demand demand, CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetTimestamp();
        while (true)
        {
            // Taken before the books are read: what is returned from here on is not missed.
            var returned = signals.NextReturn;
            var outcome = await granting.GrantAsync(holder, demand, cancellationToken);
            var wait = options.Value.RecallTime - timeProvider.GetElapsedTime(begun);
            if (outcome is not DemandOutcome.Refused { OthersHold: true } refused || wait <= TimeSpan.Zero)
                return outcome;

            foreach (var shortage in refused.Shortages)
                await signals.RecallAsync(shortage.Budget.Id, holder, options.Value.RecallTime, cancellationToken);
            try
            {
                await returned.WaitAsync(wait, timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The last look at the books decides.
            }
        }
    }
}
