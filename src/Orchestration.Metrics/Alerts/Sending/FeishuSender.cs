using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>Robot of a Feishu (Lark) group. Its rich text, unlike its plain text, lets no name in it call for anybody.</summary>
internal sealed class FeishuSender(ChannelCalls calls, TimeProvider timeProvider) : IChannelSender
{
    // A body may have 20 KB.
    private const int MostBytes = 12_000;

    public AlertChannelKind Kind => AlertChannelKind.Feishu;

    public IReadOnlyList<SendLimit> Limits { get; } = [new(100, TimeSpan.FromMinutes(1)), new(5, TimeSpan.FromSeconds(1))];

    public async Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken)
    {
        var lines = AlertTexts.Body(message, MostBytes).Split('\n');
        var post = new JsonObject
        {
            ["title"] = message.Title,
            ["content"] = new JsonArray([.. lines.Select(line => new JsonArray(new JsonObject { ["tag"] = "text", ["text"] = line }))]),
        };
        var body = new JsonObject
        {
            ["msg_type"] = "post",
            ["content"] = new JsonObject { ["post"] = new JsonObject { [message.Language == AlertTexts.Chinese ? "zh_cn" : "en_us"] = post } },
        };
        if (address!.SigningSecret.Length > 0)
        {
            var now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
            (body["timestamp"], body["sign"]) = (Signatures.Text(now), Signatures.Feishu(address.SigningSecret, now));
        }

        var outcome = await calls.PostAsync(address.Url, JsonSerializer.SerializeToUtf8Bytes(body), new Dictionary<string, string>(), cancellationToken);
        return RobotAnswers.Read(outcome, "code", "msg", 9499, 11232);
    }
}
