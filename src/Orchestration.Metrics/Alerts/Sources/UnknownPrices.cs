using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Models that have an endpoint in the policy and cannot be used because nobody knows what they cost.</summary>
internal sealed class UnknownPrices(Catalogue catalogue, TimeProvider timeProvider) : IAlertSource
{
    private const string Code = "price_unknown";

    public string Kind => AlertKinds.PriceUnknown;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        if (await catalogue.ReadAsync(cancellationToken) is not { } entries)
            return null;

        var now = timeProvider.GetUtcNow();
        return
        [
            .. entries.Where(entry => entry.Problem?.Code == Code).Select(entry => new AlertFinding(
                Kind, $"model:{entry.Provider}/{entry.Id}", now, new Dictionary<string, string> { ["provider"] = entry.Provider, ["model"] = entry.Id })),
        ];
    }
}
