using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>Robot of a WeCom group: its key stands in its address, and it knows no signature. Plain text, because names could be read as Markdown.</summary>
internal sealed class WeComSender(ChannelCalls calls) : IChannelSender
{
    // The content of a text message may have 2,048 bytes.
    private const int MostBytes = 1_900;

    public AlertChannelKind Kind => AlertChannelKind.Wecom;

    public IReadOnlyList<SendLimit> Limits { get; } = [new(20, TimeSpan.FromMinutes(1))];

    public async Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["msgtype"] = "text",
            ["text"] = new JsonObject { ["content"] = $"{message.Title}\n{AlertTexts.Body(message, MostBytes)}" },
        };
        var outcome = await calls.PostAsync(address!.Url, JsonSerializer.SerializeToUtf8Bytes(body), new Dictionary<string, string>(), cancellationToken);
        return RobotAnswers.Read(outcome, "errcode", "errmsg", 45009);
    }
}
