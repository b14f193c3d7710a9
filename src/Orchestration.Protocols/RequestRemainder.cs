using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols;

/// <summary>
/// What is left of a chat request for a provider with a protocol of its own: members that the canonical model does not know go on
/// within that protocol only, and labels that the provider has no place for are told of.
/// </summary>
internal sealed class RequestRemainder(ChatRequest request, bool sameProtocol, IReadOnlySet<string> ownMembers, EncodingWarnings warnings)
{
    // Vendors' switches for reasoning are unknown members of other protocols; their meaning stands in the canonical fields.
    private static readonly FrozenSet<string> Understood =
        new[] { "reasoning", "thinking", "enable_thinking", "thinking_budget", "stream_options", "output_config" }.ToFrozenSet();

    public void DropLabels()
    {
        if (request.Metadata.Count > 0)
            warnings.Dropped("metadata", "The provider does not take 'metadata'.");
        if (request.ServiceTier.Length > 0 && request.ServiceTier is not ("auto" or "default"))
            warnings.Dropped("service_tier", "The provider does not take 'service_tier'.");
    }

    public void WriteAll(Utf8JsonWriter writer, ExtraMembers extra)
    {
        foreach (var member in extra.Members)
            Write(writer, member);
    }

    public void Write(Utf8JsonWriter writer, JsonProperty member)
    {
        if (warnings.DropsSteering(member.Name))
            return;
        if (!sameProtocol && !IsUnderstood(member.Name))
            warnings.Dropped(member.Name, $"'{member.Name}' is not known to the provider's protocol.");
        else if (sameProtocol && !ownMembers.Contains(member.Name))
            ExtraMembers.Write(writer, member);
    }

    // A shape of the answer with unknown members is kept whole beside what is known of it.
    private bool IsUnderstood(string name) => Understood.Contains(name) || (name == "response_format" && request.ResponseFormat is not null);
}
