namespace Orchestration.Indexing.Postings;

/// <summary>A term of a query and where it stands: chunk, how often, and how long the chunk is, side by side.</summary>
internal sealed record TermPostings(string Term, int Count, int[] Chunks, int[] Frequencies, int[] Lengths);
