using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>Robot of a DingTalk group. Plain text, because names could be read as Markdown.</summary>
internal sealed class DingTalkSender(ChannelCalls calls, TimeProvider timeProvider) : IChannelSender
{
    private const int MostBytes = 12_000;

    public AlertChannelKind Kind => AlertChannelKind.Dingtalk;

    public IReadOnlyList<SendLimit> Limits { get; } = [new(20, TimeSpan.FromMinutes(1))];

    public async Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["msgtype"] = "text",
            ["text"] = new JsonObject { ["content"] = $"{message.Title}\n{AlertTexts.Body(message, MostBytes)}" },
        };
        var outcome = await calls.PostAsync(SignedAddress(address!), JsonSerializer.SerializeToUtf8Bytes(body), new Dictionary<string, string>(), cancellationToken);
        return RobotAnswers.Read(outcome, "errcode", "errmsg", 130101, 660026);
    }

    private string SignedAddress(ChannelAddress address)
    {
        if (address.SigningSecret.Length == 0)
            return address.Url;

        var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var sign = Uri.EscapeDataString(Signatures.DingTalk(address.SigningSecret, now));
        return $"{address.Url}{(address.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}timestamp={Signatures.Text(now)}&sign={sign}";
    }
}
