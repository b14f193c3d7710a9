using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>An address of the operator's own: signed JSON, taken when it answers 2xx.</summary>
internal sealed class WebhookSender(ChannelCalls calls, TimeProvider timeProvider) : IChannelSender
{
    public const string TimestampHeader = "x-orchestration-timestamp";
    public const string SignatureHeader = "x-orchestration-signature";

    public AlertChannelKind Kind => AlertChannelKind.Webhook;

    public IReadOnlyList<SendLimit> Limits { get; } = [new(60, TimeSpan.FromMinutes(1))];

    public async Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(BodyOf(message));
        var now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        var headers = new Dictionary<string, string>
        {
            [TimestampHeader] = Signatures.Text(now),
            [SignatureHeader] = Signatures.Webhook(address!.SigningSecret, now, body),
        };
        return await calls.PostAsync(address.Url, body, headers, cancellationToken) switch
        {
            PostOutcome.Answered answered => new ChannelAnswer(answered.IsSuccess, answered.Status, answered.Body, answered.RetryAfter),
            PostOutcome.Failed failed => new ChannelAnswer(false, 0, failed.Reason),
            _ => throw new InvalidOperationException("A post has no third outcome."),
        };
    }

    private static JsonObject BodyOf(AlertMessage message) => new()
    {
        ["id"] = message.Id,
        ["kind"] = message.Kind,
        ["sent_at"] = message.SentAt,
        ["title"] = message.Title,
        ["alerts"] = new JsonArray([.. message.Lines.Select(line => BodyOf(line, message.Language))]),
    };

    private static JsonObject BodyOf(AlertLine line, string language) => new()
    {
        ["id"] = line.Alert.Id,
        ["event"] = line.Event,
        ["kind"] = line.Alert.Kind,
        ["subject"] = line.Alert.Subject,
        ["severity"] = AlertTelemetry.NameOf(line.Alert.Severity),
        ["tenant_id"] = line.Alert.TenantId,
        ["summary"] = AlertTexts.Summary(line.Alert, language),
        ["facts"] = new JsonObject(line.Alert.Facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value))),
        ["opened_at"] = line.Alert.OpenedAt,
        ["last_seen_at"] = line.Alert.LastSeenAt,
        ["resolved_at"] = line.Alert.ResolvedAt,
        ["count"] = line.Alert.Count,
    };
}
