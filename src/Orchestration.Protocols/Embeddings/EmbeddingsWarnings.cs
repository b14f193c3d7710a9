using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Embeddings;

/// <summary>What every embeddings dialect drops alike, and tells.</summary>
internal static class EmbeddingsWarnings
{
    /// <summary>Whether the length that was asked for is sent; if not, the caller is told.</summary>
    public static bool TakesDimensions(EmbeddingsRequest request, EmbeddingsTarget target, List<Warning> warnings)
    {
        if (!request.HasDimensions || target.TakesDimensions)
            return request.HasDimensions;
        warnings.Add(Dropped("dimensions", "The model makes vectors of one length only; 'dimensions' was dropped."));
        return false;
    }

    /// <summary>Writes the members that the canonical model does not know, but none that steers and none that the vendor refuses.</summary>
    public static void WriteExtra(Utf8JsonWriter writer, string extensions, EmbeddingsTarget target, List<Warning> warnings, params ReadOnlySpan<string> known)
    {
        foreach (var member in ExtraMembers.Parse(extensions).Members)
        {
            if (SteeringMembers.Contains(member.Name))
                warnings.Add(Dropped(member.Name, $"'{member.Name}' cannot be set by a client."));
            else if (target.UnsupportedMembers.Contains(member.Name))
                warnings.Add(Dropped(member.Name, $"The provider does not take '{member.Name}'."));
            else if (!known.Contains(member.Name))
                ExtraMembers.Write(writer, member);
        }
    }

    private static Warning Dropped(string param, string message) => new() { Code = "parameter_dropped", Param = param, Message = message };
}
