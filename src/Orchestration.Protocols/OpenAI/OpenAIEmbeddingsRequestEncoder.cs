using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols.Embeddings;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes an embeddings request for an OpenAI-compatible provider.</summary>
public static class OpenAIEmbeddingsRequestEncoder
{
    /// <summary>Encodes a request.</summary>
    public static EncodedRequest Encode(EmbeddingsRequest request, EmbeddingsTarget target)
    {
        var warnings = new EncodingWarnings();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        writer.WriteStartArray("input");
        foreach (var input in request.Inputs)
            writer.WriteStringValue(input);
        writer.WriteEndArray();
        if (EmbeddingsWarnings.TakesDimensions(request, target, warnings))
            writer.WriteNumber("dimensions", request.Dimensions);
        if (request.EndUser.Length > 0 && !target.UnsupportedMembers.Contains("user"))
            writer.WriteString("user", request.EndUser);
        if (!target.UnsupportedMembers.Contains("encoding_format"))
            writer.WriteString("encoding_format", target.Base64 ? "base64" : "float");
        UnknownMembers.Write(writer, request.Extensions, target.UnsupportedMembers, warnings, "model", "input", "dimensions", "user", "encoding_format");
        writer.WriteEndObject();
        writer.Flush();
        return new EncodedRequest(buffer.WrittenMemory, warnings.All);
    }
}
