using System.Text.Json;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>What is secret of a channel: its whole address, since a robot's token is a part of it, and what its messages are signed with.</summary>
/// <param name="Url">Address.</param>
/// <param name="SigningSecret">Secret; empty when messages are not signed.</param>
internal sealed record ChannelAddress(string Url, string SigningSecret)
{
    public static ChannelAddress? Open(StoredChannel channel, SecretEnvelope envelope) =>
        channel.Sealed is { } stored && envelope.Open(channel.Binding, stored) is { } secret
            ? JsonSerializer.Deserialize<ChannelAddress>(secret.Reveal(), JsonSerializerOptions.Default)
            : null;

    /// <summary>Null when no master key is configured.</summary>
    public SealedSecret? Seal(StoredChannel channel, SecretEnvelope envelope) =>
        envelope.Seal(channel.Binding, new Secret(JsonSerializer.Serialize(this, JsonSerializerOptions.Default)));

    // Records print their members.
    public override string ToString() => "********";
}
