using System.Diagnostics.Metrics;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing;

/// <summary>What Routing counts.</summary>
internal sealed class RoutingTelemetry
{
    public const string SourceName = "Orchestration.Routing";
    private readonly Counter<long> _classified;
    private readonly Counter<long> _published;
    private int _unpriced;

    public RoutingTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(SourceName);
        _classified = meter.CreateCounter<long>("orchestration.routing.classified", "{request}", "Requests classified, by route and class.");
        _published = meter.CreateCounter<long>("orchestration.routing.tables", "{table}", "Route tables published.");
        meter.CreateObservableGauge("orchestration.routing.unpriced_deployments", () => Volatile.Read(ref _unpriced), "{deployment}", "Deployments that are not planned because no price is known.");
    }

    public void Classified(string route, ClassifyResponse response) => _classified.Add(
        1, new("orchestration.route", route), new("orchestration.request_class", response.RequestClass), new("orchestration.classifier", response.Classifier));

    /// <summary>How many deployments are not planned because no price is known.</summary>
    public void Unpriced(int deployments) => Volatile.Write(ref _unpriced, deployments);

    public void Published() => _published.Add(1);
}
