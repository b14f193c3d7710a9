using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// Gemini's thought signatures. Clients of OpenAI's protocol carry them where Google's own OpenAI layer puts them:
/// in <c>extra_content.google.thought_signature</c> of a tool call or a message. Who issued one stands beside it.
/// </summary>
internal static class ThoughtSignatures
{
    /// <summary>Member of a message or a tool call that carries signatures.</summary>
    public const string Member = "extra_content";

    /// <summary>Stands for the signature of a call that another model made; Google documents it for such histories.</summary>
    public const string Foreign = "skip_thought_signature_validator";

    /// <summary>The signature in an extensions string and the "provider/model" that issued it; each is empty when nobody told.</summary>
    public static (string Signature, string Origin) In(string extensions)
    {
        var google = ExtraMembers.Parse(extensions).Nested(Member).Nested("google");
        return (Text(google, "thought_signature"), Text(google, "origin"));
    }

    /// <summary>An extensions string that carries a signature; empty for none.</summary>
    public static string ToExtensions(string signature, string origin)
    {
        if (signature.Length == 0)
            return "";
        var members = new JsonBag();
        members.Add("thought_signature", JsonSerializer.Serialize(signature));
        if (origin.Length > 0)
            members.Add("origin", JsonSerializer.Serialize(origin));
        var google = new JsonBag();
        google.Add("google", members);
        var content = new JsonBag();
        content.Add(Member, google);
        return content.ToString();
    }

    private static string Text(ExtraMembers members, string name) =>
        members.TryGet(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
