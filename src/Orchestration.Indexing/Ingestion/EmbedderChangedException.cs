namespace Orchestration.Indexing.Ingestion;

/// <summary>Another model answered than the one that the collection is pinned to; vectors of two models are never mixed.</summary>
internal sealed class EmbedderChangedException(string pinned, string answered)
    : Exception($"The collection is embedded by {pinned}, but {answered} answered.");
