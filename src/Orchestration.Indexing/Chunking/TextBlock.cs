namespace Orchestration.Indexing.Chunking;

internal enum BlockKind
{
    Paragraph,
    Heading,
    Table,
    Code,
}

/// <summary>A structural part of a text: characters [Start, End), without the white space around it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character after its last one.</param>
/// <param name="Level">1 is the outermost heading; 0 for what is none.</param>
/// <param name="Title">Text of a heading without its marks; empty for what is none.</param>
internal readonly record struct TextBlock(BlockKind Kind, int Start, int End, int Level = 0, string Title = "");
