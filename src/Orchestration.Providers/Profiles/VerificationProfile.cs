namespace Orchestration.Providers.Profiles;

/// <summary>What a verification calls.</summary>
internal sealed record VerificationProfile
{
    /// <summary>Chat protocol: "openai", "anthropic", "gemini", "openai-responses", "ollama"; empty when the vendor has no chat.</summary>
    public string Protocol { get; init; } = "openai";

    /// <summary>The vendor's name of its cheapest chat model; empty when one must be named.</summary>
    public string Model { get; init; } = "";

    /// <summary>Path of the list of models; empty when there is none.</summary>
    public string ModelsPath { get; init; } = "models";

    /// <summary>False for a vendor whose chat models take no tools.</summary>
    public bool Tools { get; init; } = true;

    /// <summary>False for a vendor without a JSON mode.</summary>
    public bool JsonObject { get; init; } = true;

    /// <summary>What is wrong with it, beginning with the member; null when nothing is.</summary>
    public string? Problem() => Protocol is "" or "openai" or "anthropic" or "gemini" or "openai-responses" or "ollama"
        ? ModelsPath.Contains("://", StringComparison.Ordinal) || ModelsPath.StartsWith("//", StringComparison.Ordinal) ? "verification.modelsPath must be a path" : null
        : "verification.protocol is unknown";
}
