using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Querying;

/// <summary>Ledger rows as the records that other services read.</summary>
internal static class RecordMapping
{
    public static RequestRecord ToRecord(this RequestWithAttempts found)
    {
        var row = found.Request;
        var record = new RequestRecord
        {
            RequestId = row.Id.ToString("D"),
            Attribution = ToAttribution(row),
            RequestedModel = row.RequestedModel,
            Route = row.Route,
            RequestClass = row.RequestClass,
            PolicyVersion = row.PolicyVersion,
            Provider = row.Provider ?? "",
            Model = row.Model ?? "",
            Status = row.Status ?? "",
            Settlement = ToSettlement(row.Settlement),
            Cost = ToMoney(row.Cost, row.Currency),
            Usage = found.Attempts.ToUsage(),
            StartedAt = row.StartedAt.ToTimestamp(),
            CompletedAt = row.CompletedAt?.ToTimestamp(),
            Simulated = row.Simulated,
            Streamed = row.Streamed,
            ClientGone = row.ClientGone ?? false,
            TraceId = row.TraceId,
            Cache = row.Cache ?? "",
            TimeToFirstToken = ToDuration(row.TimeToFirstTokenMs),
        };
        record.Attempts.AddRange(found.Attempts.Select(AttemptMapping.ToRecord));
        return record;
    }

    public static Settlement ToSettlement(string? settlement) => settlement switch
    {
        "exact" => Settlement.Exact,
        "estimated" => Settlement.Estimated,
        "released" => Settlement.Released,
        "recovered" => Settlement.Recovered,
        _ => Settlement.Unspecified,
    };

    /// <summary>Every digit of the amount, without the zeros that numeric(30,15) pads with; absent while there is no amount.</summary>
    public static Money? ToMoney(decimal? amount, string? currency) => amount is null
        ? null
        : new Money { Amount = amount.Value.ToString("0.###############", CultureInfo.InvariantCulture), Currency = currency ?? "" };

    public static Duration? ToDuration(double? milliseconds) =>
        milliseconds is null ? null : Duration.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds.Value));

    private static Attribution ToAttribution(LedgerRequest row)
    {
        var attribution = new Attribution
        {
            TenantId = row.TenantId,
            ProjectId = row.ProjectId,
            KeyId = row.KeyId,
            EndUser = row.EndUser,
            SessionId = row.SessionId,
            Purpose = ToPurpose(row.Purpose),
            Currency = row.Currency,
        };
        attribution.Tags.Add(JsonSerializer.Deserialize<Dictionary<string, string>>(row.Tags) ?? []);
        return attribution;
    }

    private static Purpose ToPurpose(string purpose) => purpose switch
    {
        "chat" => Purpose.Chat,
        "embedding" => Purpose.Embedding,
        "ingest" => Purpose.Ingest,
        "query" => Purpose.Query,
        "cache" => Purpose.Cache,
        "rerank" => Purpose.Rerank,
        _ => Purpose.Unspecified,
    };
}
