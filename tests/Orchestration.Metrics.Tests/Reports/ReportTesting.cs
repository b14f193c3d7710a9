using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Metrics.Tests.Reports;

/// <summary>Reports as the gateway asks for them, over a ledger that was written by the recorder.</summary>
public abstract class ReportTesting(MetricsFixture fixture)
{
    private protected MetricsHost Host { get; } = fixture.Host;

    protected ReportService.ReportServiceClient Reports => new(Host.Channel);

    protected CallOptions Calls => CallsOf(ResourceNames.Gateway);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static string NewTenant() => $"t-{Guid.CreateVersion7():N}";

    protected static decimal Amount(Money money) => decimal.Parse(money.Amount, CultureInfo.InvariantCulture);

    protected static ReportRequest Year(string tenant, Action<ReportRequest>? more = null)
    {
        var request = new ReportRequest { TenantId = tenant, From = "2026-01-01", To = "2027-01-01" };
        more?.Invoke(request);
        return request;
    }

    protected CallOptions CallsOf(string service)
    {
        var tokens = new ServiceTokens(Host.Services.GetRequiredService<IOptions<ServiceIdentityOptions>>(), new ServiceInfo(service, "0"), TimeProvider.System);
        return new InternalCalls(tokens, TimeProvider.System).For("", "admin", TimeSpan.FromSeconds(60), Cancellation);
    }

    private protected async Task RecordAsync(IEnumerable<ToldRequest> told) =>
        await Host.Writer.WriteAsync(told.SelectMany(one => one.Events()).Sequenced(), Cancellation);
}
