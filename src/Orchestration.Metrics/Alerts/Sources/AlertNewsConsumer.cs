using System.Globalization;
using MassTransit;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>What other services tell by message. One queue for all replicas: each message is heard once.</summary>
internal sealed class AlertNewsConsumer(AlertBook book) :
    IConsumer<BudgetThresholdCrossed>, IConsumer<CredentialChanged>, IConsumer<DeploymentHealthChanged>, IConsumer<IngestionFailed>, IConsumer<ClientKeyExpiring>
{
    public const string Queue = "alerts";

    // A breaker that opened is tried again when its time comes, and that is told. Without any news for so long after it, the
    // replica that would tell is gone.
    private static readonly TimeSpan SilentBreaker = TimeSpan.FromMinutes(15);

    // Documents that are indexed again are not told of; that none was given up for so long is how it ends.
    private static readonly TimeSpan QuietIngestion = TimeSpan.FromHours(1);

    public Task Consume(ConsumeContext<BudgetThresholdCrossed> context)
    {
        var crossed = context.Message;
        var finding = new AlertFinding(
            AlertKinds.BudgetThreshold,
            $"budget:{crossed.BudgetId}/{crossed.ThresholdPercent.ToString(CultureInfo.InvariantCulture)}",
            crossed.CrossedAt,
            new Dictionary<string, string>
            {
                ["budget"] = crossed.Name.Length > 0 ? crossed.Name : crossed.BudgetId,
                ["scope"] = crossed.Scope,
                ["tenant"] = crossed.TenantId,
                ["percent"] = crossed.ThresholdPercent.ToString(CultureInfo.InvariantCulture),
                ["spent"] = Exact(crossed.Spent),
                ["limit"] = Exact(crossed.Limit),
                ["currency"] = crossed.Currency,
                ["period_end"] = crossed.PeriodEnd.ToString("u", CultureInfo.InvariantCulture),
            })
        {
            TenantId = crossed.TenantId,
            Occasion = crossed.PeriodStart.ToString("O", CultureInfo.InvariantCulture),
            ExpiresAt = crossed.PeriodEnd,
            AtLeast = crossed.ThresholdPercent >= 100 ? AlertSeverity.Critical : AlertSeverity.Unspecified,
        };
        return book.RaiseAsync(finding, context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<CredentialChanged> context)
    {
        var changed = context.Message;
        var subject = $"credential:{changed.CredentialId}";
        var facts = new Dictionary<string, string>
        {
            ["credential"] = changed.CredentialId,
            ["provider"] = changed.Provider,
            ["region"] = changed.Region,
            ["state"] = changed.State,
            ["reason"] = changed.Reason,
        };
        if (changed.Balance is { } balance)
            (facts["balance"], facts["currency"]) = (Exact(balance), changed.BalanceCurrency);

        await SetAsync(changed.State is not "active", new AlertFinding(AlertKinds.KeyDisabled, subject, changed.ChangedAt, facts), context.CancellationToken);
        await SetAsync(changed.BalanceLow, new AlertFinding(AlertKinds.BalanceLow, subject, changed.ChangedAt, facts), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<DeploymentHealthChanged> context)
    {
        var changed = context.Message;
        // A rest that a provider asked for, and a probe, neither open nor close a breaker.
        if (changed.State is not ("open" or "healthy"))
            return Task.CompletedTask;

        var facts = new Dictionary<string, string> { ["deployment"] = changed.Deployment, ["reason"] = changed.Reason };
        var finding = new AlertFinding(AlertKinds.BreakerOpen, $"deployment:{changed.Deployment}", changed.ChangedAt, facts)
        {
            ExpiresAt = (changed.Until ?? changed.ChangedAt) + SilentBreaker,
        };
        return SetAsync(changed.State is "open", finding, context.CancellationToken);
    }

    public Task Consume(ConsumeContext<IngestionFailed> context)
    {
        var failed = context.Message;
        var facts = new Dictionary<string, string>
        {
            ["collection"] = failed.Collection,
            ["document"] = failed.DocumentId,
            ["reason"] = failed.Reason,
        };
        var finding = new AlertFinding(AlertKinds.IngestionFailing, $"collection:{failed.Collection}", failed.FailedAt, facts)
        {
            TenantId = failed.TenantId,
            ExpiresAt = failed.FailedAt + QuietIngestion,
        };
        return book.RaiseAsync(finding, context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ClientKeyExpiring> context)
    {
        var expiring = context.Message;
        var facts = new Dictionary<string, string>
        {
            ["key"] = $"{expiring.Name} ({expiring.KeyId})",
            ["project"] = expiring.ProjectId,
            ["expires_at"] = expiring.ExpiresAt.ToString("u", CultureInfo.InvariantCulture),
        };
        var finding = new AlertFinding(AlertKinds.KeyExpiring, $"key:{expiring.KeyId}", expiring.FoundAt, facts)
        {
            TenantId = expiring.TenantId,
            ExpiresAt = expiring.ExpiresAt,
        };
        return SetAsync(expiring.Expiring, finding, context.CancellationToken);
    }

    private Task SetAsync(bool holds, AlertFinding finding, CancellationToken cancellationToken) => holds
        ? book.RaiseAsync(finding, cancellationToken)
        : book.ResolveAsync(finding.DedupeKey, finding.At, cancellationToken);

    // Without the zeros that a numeric of the database carries along.
    private static string Exact(decimal amount) => amount.ToString("0.###############", CultureInfo.InvariantCulture);
}
