using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Planning;

/// <summary>Capabilities without which a request cannot be answered as it was asked.</summary>
[Flags]
internal enum RequestNeeds
{
    None = 0,
    Tools = 1,
    Vision = 2,
    JsonObject = 4,
    JsonSchema = 8,
}

internal static class RequestNeedsReader
{
    public static RequestNeeds Of(ChatRequest request)
    {
        var needs = request.Tools.Count > 0 ? RequestNeeds.Tools : RequestNeeds.None;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                // A tool may show a picture too.
                if (part.Image is not null || part.ToolResult is { } result && result.Parts.Any(shown => shown.Image is not null))
                    needs |= RequestNeeds.Vision;
            }
        }

        return needs | request.ResponseFormat?.Kind switch
        {
            ResponseFormatKind.JsonObject => RequestNeeds.JsonObject,
            ResponseFormatKind.JsonSchema => RequestNeeds.JsonSchema,
            _ => RequestNeeds.None,
        };
    }

    /// <summary>What a model lacks, in words for a person; null when it lacks nothing.</summary>
    public static string? Missing(this RequestNeeds needs, Capabilities? capabilities)
    {
        // Unknown capabilities are no reason to refuse.
        if (needs == RequestNeeds.None || capabilities is null)
            return null;
        if (needs.HasFlag(RequestNeeds.Vision) && !capabilities.Vision)
            return "image input";
        if (needs.HasFlag(RequestNeeds.Tools) && !capabilities.Tools)
            return "tools";
        if (needs.HasFlag(RequestNeeds.JsonSchema) && !capabilities.JsonSchema)
            return "answers by JSON schema";
        return needs.HasFlag(RequestNeeds.JsonObject) && !capabilities.JsonObject && !capabilities.JsonSchema ? "JSON answers" : null;
    }
}
