using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes an embeddings request for an OpenAI-compatible provider.</summary>
public static class OpenAIEmbeddingsRequestEncoder
{
    /// <summary>Encodes a request; <paramref name="base64"/> asks for vectors as base64, which is smaller where the provider knows it.</summary>
    public static EncodedRequest Encode(EmbeddingsRequest request, string model, bool base64 = false)
    {
        var warnings = new List<Warning>();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteStartArray("input");
        foreach (var input in request.Inputs)
            writer.WriteStringValue(input);
        writer.WriteEndArray();
        if (request.HasDimensions)
            writer.WriteNumber("dimensions", request.Dimensions);
        if (request.EndUser.Length > 0)
            writer.WriteString("user", request.EndUser);
        writer.WriteString("encoding_format", base64 ? "base64" : "float");
        WriteExtra(writer, request.Extensions, warnings);
        writer.WriteEndObject();
        writer.Flush();
        return new EncodedRequest(buffer.WrittenMemory, warnings);
    }

    private static void WriteExtra(Utf8JsonWriter writer, string extensions, List<Warning> warnings)
    {
        foreach (var member in ExtraMembers.Parse(extensions).Members)
        {
            if (SteeringMembers.Contains(member.Name))
                warnings.Add(new Warning { Code = "parameter_dropped", Param = member.Name, Message = $"'{member.Name}' cannot be set by a client." });
            else if (member.Name is not ("model" or "input" or "dimensions" or "user" or "encoding_format"))
                ExtraMembers.Write(writer, member);
        }
    }
}
