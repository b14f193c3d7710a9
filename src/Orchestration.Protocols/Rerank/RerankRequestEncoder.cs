using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Rerank;

/// <summary>Encodes a rerank request for a provider. Texts are never asked back: they are here already.</summary>
public static class RerankRequestEncoder
{
    /// <summary>Encodes a request.</summary>
    public static EncodedRequest Encode(RerankRequest request, RerankTarget target)
    {
        var warnings = new EncodingWarnings();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("model", target.Model);
        var nested = target.Dialect == RerankDialect.DashScope;
        if (nested)
            writer.WriteStartObject("input");
        writer.WriteString("query", request.Query);
        writer.WriteStartArray("documents");
        foreach (var document in request.Documents)
            writer.WriteStringValue(document);
        writer.WriteEndArray();
        if (nested)
        {
            writer.WriteEndObject();
            writer.WriteStartObject("parameters");
        }

        if (request.HasTopCount)
            writer.WriteNumber("top_n", Math.Min(request.TopCount, request.Documents.Count));
        if (target.Dialect != RerankDialect.Cohere && !target.UnsupportedMembers.Contains("return_documents"))
            writer.WriteBoolean("return_documents", false);
        UnknownMembers.Write(
            writer, request.Extensions, target.UnsupportedMembers, warnings, "model", "query", "documents", "top_n", "return_documents", "input", "parameters");
        if (nested)
            writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return new EncodedRequest(buffer.WrittenMemory, warnings.All);
    }
}
