using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Rerank;

/// <summary>Encodes a rerank request for a provider. Texts are never asked back: they are here already.</summary>
public static class RerankRequestEncoder
{
    /// <summary>Encodes a request.</summary>
    public static EncodedRequest Encode(RerankRequest request, RerankTarget target)
    {
        var warnings = new List<Warning>();
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
        WriteExtra(writer, request.Extensions, target, warnings);
        if (nested)
            writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return new EncodedRequest(buffer.WrittenMemory, warnings);
    }

    private static void WriteExtra(Utf8JsonWriter writer, string extensions, RerankTarget target, List<Warning> warnings)
    {
        foreach (var member in ExtraMembers.Parse(extensions).Members)
        {
            if (SteeringMembers.Contains(member.Name))
                warnings.Add(new Warning { Code = "parameter_dropped", Param = member.Name, Message = $"'{member.Name}' cannot be set by a client." });
            else if (target.UnsupportedMembers.Contains(member.Name))
                warnings.Add(new Warning { Code = "parameter_dropped", Param = member.Name, Message = $"The provider does not take '{member.Name}'." });
            else if (member.Name is not ("model" or "query" or "documents" or "top_n" or "return_documents" or "input" or "parameters"))
                ExtraMembers.Write(writer, member);
        }
    }
}
