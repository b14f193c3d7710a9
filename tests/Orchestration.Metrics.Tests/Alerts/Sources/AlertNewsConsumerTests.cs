using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Sources;

/// <summary>The way from the broker to an alert.</summary>
public sealed class AlertNewsConsumerTests : IAsyncLifetime
{
    private BackingServices _services = null!;
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A virtual host of its own: every host of these tests consumes the one queue "alerts".
    public async ValueTask InitializeAsync()
    {
        _services = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, Cancellation);
        _host = await MetricsHost.StartAsync(_services, BackingService.RabbitMq, settings: AlertsHost.Settings);
        await _host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Keys_breakers_and_budgets_are_told_of_and_end()
    {
        var now = TimeProvider.System.GetUtcNow();
        await PublishAsync(Key(now, "parked", balanceLow: true), Health(now, "open"), Health(now, "cooling", "other"), Budget(now, 80), Budget(now, 100));
        await UntilAsync(alerts => alerts.Count == 5 && alerts.All(alert => alert.Open));

        var found = await AlertsAsync();
        found.Single(alert => alert.Subject == "budget:b1/100").Severity.ShouldBe((int)AlertSeverity.Critical);
        found.Single(alert => alert.Subject == "budget:b1/80").Severity.ShouldBe((int)AlertSeverity.Warning);
        found.Select(alert => alert.Kind).Distinct().ShouldBe(["balance_low", "breaker_open", "budget_threshold", "key_disabled"], ignoreOrder: true);

        await PublishAsync(Key(now.AddSeconds(1), "active", balanceLow: false), Health(now.AddSeconds(1), "healthy"));
        await UntilAsync(alerts => alerts.Where(alert => alert.Kind != "budget_threshold").All(alert => !alert.Open));
    }

    [Fact]
    public async Task Collection_whose_documents_are_given_up_is_told_once_for_its_tenant()
    {
        var now = TimeProvider.System.GetUtcNow();
        await PublishAsync(Failed(now, "help", "d1"), Failed(now.AddSeconds(1), "help", "d2"), Failed(now, "news", "d1"), Failed(now.AddHours(-2), "old", "d1"));

        await UntilAsync(alerts => alerts.Count == 2 && alerts.All(alert => alert.Open));
        (await AlertsAsync()).Select(alert => (alert.Kind, alert.Subject)).ShouldBe([("ingestion_failing", "collection:help"), ("ingestion_failing", "collection:news")], ignoreOrder: true);
        await Eventually.HoldsAsync(async () => await _host.Database.CountAsync("alerts WHERE subject = 'collection:help' AND count = 2 AND tenant_id = 'acme'") == 1);
    }

    [Fact]
    public async Task Key_that_ends_soon_is_told_for_its_tenant_until_it_ends_no_more()
    {
        var now = TimeProvider.System.GetUtcNow();
        await PublishAsync(Ending(now, expiring: true));
        await UntilAsync(alerts => alerts.Count == 1 && alerts[0].Open);
        (await AlertsAsync()).Select(alert => (alert.Kind, alert.Subject)).ShouldBe([("key_expiring", "key:AbCdEf123456")]);

        await PublishAsync(Ending(now.AddSeconds(1), expiring: false));
        await UntilAsync(alerts => alerts.Count == 1 && !alerts[0].Open);
    }

    private static ClientKeyExpiring Ending(DateTimeOffset at, bool expiring) => new()
    {
        TenantId = "acme",
        ProjectId = "default",
        KeyId = "AbCdEf123456",
        Name = "Website",
        Expiring = expiring,
        ExpiresAt = at.AddDays(3),
        FoundAt = at,
    };

    private static IngestionFailed Failed(DateTimeOffset at, string collection, string document) =>
        new() { TenantId = "acme", Collection = collection, DocumentId = document, Reason = "Embedding failed.", FailedAt = at };

    private static CredentialChanged Key(DateTimeOffset at, string state, bool balanceLow) => new()
    {
        CredentialId = "k1",
        Provider = "acme",
        Region = "cn",
        Source = "stored",
        State = state,
        Reason = state == "active" ? "" : "The account is empty.",
        Balance = 1.5m,
        BalanceCurrency = "CNY",
        BalanceLow = balanceLow,
        ChangedAt = at,
    };

    private static DeploymentHealthChanged Health(DateTimeOffset at, string state, string deployment = "acme-large") =>
        new() { Deployment = deployment, State = state, Reason = state == "healthy" ? "" : "provider_error", Until = at.AddMinutes(1), ChangedAt = at };

    private static BudgetThresholdCrossed Budget(DateTimeOffset at, int percent) => new()
    {
        BudgetId = "b1",
        TenantId = "acme",
        Name = "search",
        Scope = "tenant",
        PeriodStart = at.AddDays(-1),
        PeriodEnd = at.AddDays(1),
        ThresholdPercent = percent,
        Spent = percent,
        Limit = 100m,
        Currency = "CNY",
        CrossedAt = at,
    };

    private async Task PublishAsync(params object[] messages)
    {
        var bus = _host.Services.GetRequiredService<IBus>();
        foreach (var message in messages)
            await bus.Publish(message, Cancellation);
    }

    private async Task<List<(string Kind, string Subject, int Severity, bool Open)>> AlertsAsync()
    {
        await using var command = _host.Database.CreateCommand("SELECT kind, subject, severity, resolved_at IS NULL FROM alerts");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var found = new List<(string, string, int, bool)>();
        while (await reader.ReadAsync(Cancellation))
            found.Add((reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetBoolean(3)));
        return found;
    }

    private async Task UntilAsync(Func<List<(string Kind, string Subject, int Severity, bool Open)>, bool> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!holds(await AlertsAsync()))
            await Task.Delay(50, deadline.Token);
    }
}
