using Grpc.Core;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Routing with one fixed table and a classifier that reads its answer from the prompt.</summary>
internal sealed class FakeRouting : RoutingService.RoutingServiceBase
{
    public string LastClassified { get; private set; } = "";

    public override async Task WatchRouteTable(WatchRouteTableRequest request, IServerStreamWriter<RouteTableUpdate> responseStream, ServerCallContext context)
    {
        if (request.KnownVersion != TestTable.Version)
            await responseStream.WriteAsync(new RouteTableUpdate { Table = TestTable.Create() });
        await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override async Task<ClassifyResponse> Classify(ClassifyRequest request, ServerCallContext context)
    {
        LastClassified = request.Text;
        if (request.Text.Contains("silence", StringComparison.Ordinal))
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        if (request.Text.Contains("foreign", StringComparison.Ordinal))
            return new ClassifyResponse { Reason = "not to be trusted here" };
        return new ClassifyResponse { RequestClass = request.Text.Contains("hard", StringComparison.Ordinal) ? "complex" : "simple", Reason = "as told" };
    }

    public override Task<ListCatalogueResponse> ListCatalogue(ListCatalogueRequest request, ServerCallContext context) =>
        Task.FromResult(new ListCatalogueResponse { Entries = { new CatalogueEntry { Id = "strong", Provider = request.Provider } } });
}
