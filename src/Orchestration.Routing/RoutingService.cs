using System.Text;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Classification;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tables;
using Orchestration.ServiceDefaults.Failures;
using Wire = Orchestration.Contracts.Routing.V1.RoutingService;

namespace Orchestration.Routing;

internal sealed class RoutingService(
    RouteTablePublisher publisher,
    RouteTableStream tables,
    RoutingTelemetry telemetry,
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider) : Wire.RoutingServiceBase
{
    private const int MostTextBytes = 8 * 1024;

    public override async Task WatchRouteTable(WatchRouteTableRequest request, IServerStreamWriter<RouteTableUpdate> responseStream, ServerCallContext context)
    {
        if (request.Instance.Length is 0 or > 128) throw Invalid("instance_invalid", "instance has 1 to 128 characters.", "instance");
        // A stream without end would keep the server from stopping.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        // A gateway that has the current table may not hear anything for long: the headers tell it that it is connected.
        await context.WriteResponseHeadersAsync([]);
        await tables.RunAsync(request.KnownVersion, responseStream.WriteAsync, ends.Token);
    }

    public override Task<ClassifyResponse> Classify(ClassifyRequest request, ServerCallContext context)
    {
        CheckText(request.Text);
        var classified = publisher.Current?.Inputs.Policy.Classifier == ClassifierNames.Gain
            ? GainClassifier.Classify(request.Text)
            : KeywordClassifier.Classify(request.Text, request.Features);
        telemetry.Classified(request.Route, classified);
        return Task.FromResult(classified);
    }

    public override Task<ListCatalogueResponse> ListCatalogue(ListCatalogueRequest request, ServerCallContext context)
    {
        var current = Current();
        return Task.FromResult(CatalogueListing.List(current.Inputs.Catalogue, current.Problems, request.Provider, timeProvider.GetUtcNow()));
    }

    private BuiltTable Current() =>
        publisher.Current ?? throw Failed(FailureClass.Unavailable, "starting", "The first route table is not made yet.", "");

    private static void CheckText(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostTextBytes) throw Invalid("text_too_long", "text has at most 8 KiB of UTF-8.", "text");
    }

    private static FailureException Invalid(string code, string message, string param) => Failed(FailureClass.InvalidRequest, code, message, param);

    private static FailureException Failed(FailureClass failureClass, string code, string message, string param) =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param, Retryable = failureClass == FailureClass.Unavailable });
}
