using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Alerts.Sending;
using Orchestration.Metrics.Alerts.Sources;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts;

/// <summary>The service with a clock that stands still and a far side that it may write to; it looks and sends only when told.</summary>
internal sealed class AlertsHost : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests";
    private readonly BackingServices _services;

    private AlertsHost(MetricsHost host, FarSide far, FakeTimeProvider time, BackingServices services) =>
        (Host, Far, Time, _services) = (host, far, time, services);

    public MetricsHost Host { get; private set; }

    public FarSide Far { get; }

    public FakeTimeProvider Time { get; }

    public static Dictionary<string, string?> Settings { get; } = new()
    {
        ["Alerts:Active"] = "false",
        // Nights are told of by hand: a clock that is moved must not make one.
        ["Reconciliation:NightlyAt"] = "23:59:59.999",
        ["Alerts:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
    };

    public AlertBook Book => Host.Services.GetRequiredService<AlertBook>();

    public AlertDispatcher Dispatcher => Host.Services.GetRequiredService<AlertDispatcher>();

    public AlertEvaluation Evaluation => Host.Services.GetRequiredService<AlertEvaluation>();

    public AlertService.AlertServiceClient Client => new(Host.Channel);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<AlertsHost> StartAsync(BackingServices services, IReadOnlyDictionary<string, string?>? more = null)
    {
        var far = await FarSide.StartAsync();
        var time = new FakeTimeProvider(new DateTimeOffset(TimeProvider.System.GetUtcNow().Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero));
        return new AlertsHost(await StartAsync(services, far, time, more, null), far, time, services);
    }

    /// <summary>Another process on the same rows.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await StartAsync(_services, Far, Time, null, Host.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Far.DisposeAsync();
    }

    /// <summary>Options of a call as the named service makes it.</summary>
    public Grpc.Core.CallOptions As(string service = ResourceNames.Gateway) =>
        new InternalCalls(new ServiceTokens(Host.Services.GetRequiredService<IOptions<ServiceIdentityOptions>>(), new ServiceInfo(service, "0"), Time), Time)
            .For("", "admin", TimeSpan.FromMinutes(1), Cancellation);

    public async Task<AlertChannel> AddChannelAsync(AlertChannelKind kind, Action<CreateAlertChannelRequest>? change = null)
    {
        var request = new CreateAlertChannelRequest { Name = $"{kind} {Guid.NewGuid():N}", Kind = kind, Url = $"{Far.Url}/hook?key=token-of-the-robot", Secret = Secret, Language = "en" };
        if (kind == AlertChannelKind.Wecom)
            request.Secret = "";
        change?.Invoke(request);
        return await Client.CreateAlertChannelAsync(request, As());
    }

    public Task RaiseAsync(string subject, string kind = AlertKinds.KeyDisabled, string tenantId = "") =>
        Book.RaiseAsync(Finding(subject, kind, tenantId), Cancellation);

    public Task ResolveAsync(string subject, string kind = AlertKinds.KeyDisabled) =>
        Book.ResolveAsync(AlertFinding.KeyOf(kind, "", subject), Time.GetUtcNow(), Cancellation);

    public async Task<IReadOnlyList<Alert>> AlertsAsync() =>
        (await Client.ListAlertsAsync(new ListAlertsRequest { PageSize = 200 }, As())).Alerts;

    /// <summary>Lets time pass and sends what is due then.</summary>
    public async Task<int> PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return await Dispatcher.RunAsync(Cancellation);
    }

    private AlertFinding Finding(string subject, string kind, string tenantId) =>
        new(kind, subject, Time.GetUtcNow(), new Dictionary<string, string> { ["credential"] = subject, ["provider"] = "acme", ["region"] = "cn", ["state"] = "disabled", ["reason"] = "refused" })
        {
            TenantId = tenantId,
        };

    private static Task<MetricsHost> StartAsync(
        BackingServices services, FarSide far, TimeProvider time, IReadOnlyDictionary<string, string?>? more, string? existing)
    {
        var settings = new Dictionary<string, string?>(Settings) { ["Egress:AllowedHosts:0"] = $"127.0.0.1:{far.Port}" };
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
            settings[name] = value;
        return MetricsHost.StartAsync(services, existing: existing, settings: settings, time: time);
    }
}
