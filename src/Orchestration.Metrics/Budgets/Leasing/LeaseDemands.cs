using Microsoft.Extensions.Options;
using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Meets demands; before one is refused, all gateways are asked for what they have idle.</summary>
internal sealed class LeaseDemands(DemandLines lines, Recalls recalls, TimeProvider timeProvider, IOptions<BudgetOptions> options)
{
    // What moves from one gateway to another while they are asked may be missed once.
    private const int MostRecalls = 2;

    public async Task<DemandOutcome> MeetAsync(Holder holder, Demand demand, CancellationToken cancellationToken)
    {
        var asked = new HolderDemand(holder, demand);
        var outcome = await lines.GrantAsync(asked, cancellationToken);
        if (!MayChange(outcome))
            return outcome;

        var begun = timeProvider.GetTimestamp();
        using var waiting = lines.BeginWait(demand.TenantId);
        for (var round = 0; round < MostRecalls && outcome is DemandOutcome.Refused refused && MayChange(refused); round++)
        {
            var patience = options.Value.RecallTime - timeProvider.GetElapsedTime(begun);
            if (patience <= TimeSpan.Zero)
                break;
            try
            {
                await Task.WhenAll(refused.Shortages.Select(shortage => recalls.AskAsync(shortage.Budget.Id, shortage.Holders)))
                    .WaitAsync(patience, timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The last look at the books decides.
            }

            outcome = await lines.GrantAsync(asked, cancellationToken);
        }

        return outcome;
    }

    private static bool MayChange(DemandOutcome outcome) =>
        outcome is DemandOutcome.Refused refused && refused.Shortages.All(shortage => shortage.Holders.Count > 0);
}
