namespace Orchestration.Indexing.Chunking;

/// <summary>How a collection's documents are cut.</summary>
/// <param name="MaxTokens">Most tokens of one chunk, estimated.</param>
internal sealed record ChunkSettings(int MaxTokens)
{
    public const int Least = 32;
    public const int Most = 4_096;
    public const int Usual = 420;
}
