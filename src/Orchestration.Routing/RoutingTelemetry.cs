using System.Diagnostics.Metrics;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing;

/// <summary>What Routing counts.</summary>
internal sealed class RoutingTelemetry
{
    public const string SourceName = "Orchestration.Routing";
    private readonly Counter<long> _classified;
    private readonly Counter<long> _published;

    public RoutingTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        _classified = meter.CreateCounter<long>("orchestration.routing.classified", "{request}", "Requests classified, by route and class.");
        _published = meter.CreateCounter<long>("orchestration.routing.tables", "{table}", "Route tables published.");
    }

    public void Classified(string route, ClassifyResponse response) => _classified.Add(
        1, new("orchestration.route", route), new("orchestration.request_class", response.RequestClass), new("orchestration.classifier", response.Classifier));

    public void Published() => _published.Add(1);
}
