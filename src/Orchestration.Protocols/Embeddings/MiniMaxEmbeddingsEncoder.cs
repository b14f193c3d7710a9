using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Embeddings;

/// <summary>Encodes an embeddings request in MiniMax's own shape.</summary>
public static class MiniMaxEmbeddingsEncoder
{
    /// <summary>Encodes a request. A <c>type</c> of the client's goes before what the texts are for.</summary>
    public static EncodedRequest Encode(EmbeddingsRequest request, EmbeddingsTarget target)
    {
        var warnings = new EncodingWarnings();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        writer.WriteStartArray("texts");
        foreach (var input in request.Inputs)
            writer.WriteStringValue(input);
        writer.WriteEndArray();
        EmbeddingsWarnings.TakesDimensions(request, target with { TakesDimensions = false }, warnings);
        if (!ExtraMembers.Parse(request.Extensions).Has("type"))
            writer.WriteString("type", target.EmbeddedAs == EmbeddedAs.Query ? "query" : "db");
        UnknownMembers.Write(writer, request.Extensions, target.UnsupportedMembers, warnings, "model", "texts", "input", "dimensions", "user", "encoding_format");
        writer.WriteEndObject();
        writer.Flush();
        return new EncodedRequest(buffer.WrittenMemory, warnings.All);
    }
}
