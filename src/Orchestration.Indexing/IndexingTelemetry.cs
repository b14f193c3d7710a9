using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orchestration.Indexing;

internal sealed class IndexingTelemetry : IDisposable
{
    private readonly Meter _meter;

    public IndexingTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create("Orchestration.Indexing");
        DocumentsIndexed = _meter.CreateCounter<long>("orchestration.indexing.documents", "{document}", "Documents by final state.");
        ChunksEmbedded = _meter.CreateCounter<long>("orchestration.indexing.chunks", "{chunk}", "Chunks embedded.");
    }

    public ActivitySource Activities { get; } = new("Orchestration.Indexing");

    public Counter<long> DocumentsIndexed { get; }

    public Counter<long> ChunksEmbedded { get; }

    public void Dispose()
    {
        Activities.Dispose();
        _meter.Dispose();
    }
}
