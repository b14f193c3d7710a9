namespace Orchestration.Indexing.Extraction;

/// <summary>A file as it was handed in; name and type are what its sender says of it, and no more than hints.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Name">Name with its ending; empty when none was given.</param>
/// <param name="MediaType">Media type, with a charset where the sender gave one; empty when none was given.</param>
internal sealed record SourceFile(byte[] Bytes, string Name, string MediaType);
