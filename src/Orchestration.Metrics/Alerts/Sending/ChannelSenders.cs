using Microsoft.Extensions.Options;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>Sends a message by the kind of its channel, within the time that a far side may take.</summary>
internal sealed class ChannelSenders(
    IEnumerable<IChannelSender> senders, SecretEnvelope envelope, AlertTelemetry telemetry, IOptions<AlertOptions> options, TimeProvider timeProvider)
{
    private readonly Dictionary<AlertChannelKind, IChannelSender> _senders = senders.ToDictionary(sender => sender.Kind);

    public IReadOnlyList<SendLimit> LimitsOf(AlertChannelKind kind) => _senders[kind].Limits;

    public async Task<ChannelAnswer> SendAsync(StoredChannel channel, AlertMessage message, CancellationToken cancellationToken)
    {
        var address = ChannelAddress.Open(channel, envelope);
        var answer = address is null && channel.Kind != AlertChannelKind.Email
            ? new ChannelAnswer(false, 0, "The channel's address cannot be decrypted: its master key is not configured.")
            : await SendAsync(channel, address, message, cancellationToken);
        telemetry.Sent(channel.Kind, answer.Accepted);
        return answer;
    }

    private async Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.SendTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await _senders[channel.Kind].SendAsync(channel, address, message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChannelAnswer(false, 0, "The far side did not answer in time.");
        }
    }
}
