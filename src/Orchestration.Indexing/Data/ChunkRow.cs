namespace Orchestration.Indexing.Data;

internal sealed class ChunkRow
{
    public required string TenantId { get; init; }

    public required Guid DocumentId { get; init; }

    public required int Ordinal { get; init; }

    public required string Text { get; init; }

    /// <summary>Headings above the chunk, outermost first; searched with it.</summary>
    public string Headings { get; init; } = "";

    public required int StartOffset { get; init; }

    public required int EndOffset { get; init; }
}
