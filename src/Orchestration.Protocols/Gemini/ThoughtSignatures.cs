using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// Gemini's thought signatures. Clients of OpenAI's protocol carry them where Google's own OpenAI layer puts them:
/// in <c>extra_content.google.thought_signature</c> of a tool call or a message.
/// </summary>
internal static class ThoughtSignatures
{
    /// <summary>Stands for the signature of a call that another model made; Google documents it for such histories.</summary>
    public const string Foreign = "skip_thought_signature_validator";

    /// <summary>The signature in an extensions string; empty when there is none.</summary>
    public static string In(string extensions) =>
        ExtraMembers.Parse(extensions).Nested("extra_content").Nested("google").TryGet("thought_signature", out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    /// <summary>An extensions string that carries a signature.</summary>
    public static string ToExtensions(string signature) =>
        "{\"extra_content\":{\"google\":{\"thought_signature\":" + JsonSerializer.Serialize(signature) + "}}}";
}
