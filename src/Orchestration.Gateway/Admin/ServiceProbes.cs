using System.Text.Json;
using Orchestration.Contracts.Admin.V1;
using Orchestration.ServiceDefaults;

namespace Orchestration.Gateway.Admin;

/// <summary>Asks every other service for its readiness, all at once.</summary>
internal sealed class ServiceProbes(IHttpClientFactory clients, TimeProvider timeProvider)
{
    public const string ClientName = "health";
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly string[] Services =
    [
        ResourceNames.Routing,
        ResourceNames.Providers,
        ResourceNames.Indexing,
        ResourceNames.Metrics,
        ResourceNames.Console,
        ResourceNames.Simulator,
    ];

    public static void Register(IServiceCollection services) => services
        .AddHttpClient(ClientName, client =>
        {
            client.Timeout = Timeout;
            client.MaxResponseContentBufferSize = LargestAnswer;
        })
#pragma warning disable RS0030 // To our own services only.
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
#pragma warning restore RS0030
        .AddServiceDiscovery();

    public Task<ServiceHealth[]> ProbeAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Services.Select(service => ProbeAsync(service, cancellationToken)));

    private async Task<ServiceHealth> ProbeAsync(string service, CancellationToken cancellationToken)
    {
        var startedAt = timeProvider.GetTimestamp();
        var health = new ServiceHealth { Name = service };
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync(new Uri($"http://{service}/health"), cancellationToken);
            Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), response.IsSuccessStatusCode, health);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            health.State = HealthStates.Unreachable;
            health.Detail = exception is OperationCanceledException ? "No answer within 2 s." : "Cannot be reached.";
        }

        health.LatencyMs = timeProvider.GetElapsedTime(startedAt).TotalMilliseconds;
        return health;
    }

    // Services of ours answer with status, version and reasons; others with a bare word.
    private static void Read(byte[] body, bool isSuccess, ServiceHealth health)
    {
        health.State = isSuccess ? HealthStates.Healthy : HealthStates.Degraded;
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return;
            health.Version = Text(root, "version");
            if (Text(root, "status") is { Length: > 0 } status)
                health.State = status == "Healthy" ? HealthStates.Healthy : HealthStates.Degraded;
            if (health.State == HealthStates.Degraded && root.TryGetProperty("checks", out var checks) && checks.ValueKind == JsonValueKind.Object)
                health.Detail = string.Join(" ", checks.EnumerateObject().Where(check => Text(check.Value, "status") != "Healthy").Select(check => Text(check.Value, "reason")));
        }
        catch (JsonException)
        {
            health.Detail = isSuccess ? "" : "Not ready.";
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
