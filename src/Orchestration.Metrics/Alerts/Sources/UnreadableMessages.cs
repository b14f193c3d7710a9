using System.Globalization;
using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Messages that the broker put aside because no consumer could read them.</summary>
internal sealed class UnreadableMessages(LedgerQueue queue, TimeProvider timeProvider) : IAlertSource
{
    public string Kind => AlertKinds.UnreadableMessages;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        if (await queue.PutAsideAsync(cancellationToken) is not { } messages)
            return null;
        if (messages == 0)
            return [];

        return [new AlertFinding(Kind, "ledger", timeProvider.GetUtcNow(), new() { ["messages"] = messages.ToString(CultureInfo.InvariantCulture) })];
    }
}
