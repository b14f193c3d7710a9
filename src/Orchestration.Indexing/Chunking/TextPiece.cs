namespace Orchestration.Indexing.Chunking;

/// <summary>A chunk of a text: characters [Start, End), and the headings that stand above its first character, outermost first.</summary>
internal sealed record TextPiece(int Start, int End, string Headings);
