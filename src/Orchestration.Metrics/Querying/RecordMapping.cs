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
            Settlement = SettlementOf(found),
            Cost = ToMoney(CostOf(found), row.Currency),
            BaselineCost = ToMoney(row.Baseline, row.Currency),
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

    /// <summary>The settlement as rows carry it; null for none.</summary>
    public static string? NameOf(Settlement settlement) => settlement switch
    {
        Settlement.Exact => "exact",
        Settlement.Estimated => "estimated",
        Settlement.Released => "released",
        Settlement.Recovered => "recovered",
        _ => null,
    };

    /// <summary>Every digit of the amount, without the zeros that numeric(30,15) pads with; absent while there is no amount.</summary>
    public static Money? ToMoney(decimal? amount, string? currency) => amount is null
        ? null
        : new Money { Amount = amount.Value.ToString("0.###############", CultureInfo.InvariantCulture), Currency = currency ?? "" };

    public static Duration? ToDuration(double? milliseconds) =>
        milliseconds is null ? null : Duration.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds.Value));

    /// <summary>
    /// A gateway that lost Providers before the summing up cannot know what a request cost and writes what it knows, down to zero. The
    /// attempts' own rows are the witness then: a request never costs less than they were billed.
    /// </summary>
    private static decimal? CostOf(RequestWithAttempts found) => AttemptsTellMore(found, out var billed) ? billed : found.Request.Cost;

    private static Settlement SettlementOf(RequestWithAttempts found)
    {
        if (!AttemptsTellMore(found, out _))
            return ToSettlement(found.Request.Settlement);
        // Sure once every attempt has ended and none of them had to be estimated.
        return found.Attempts.All(row => row is { FinishedEventId: not null, Settlement: "exact" or "released" })
            ? Settlement.Exact
            : Settlement.Estimated;
    }

    private static bool AttemptsTellMore(RequestWithAttempts found, out decimal billed)
    {
        billed = found.Attempts.Sum(row => row.Billed ?? 0m);
        return found.Request.Settlement is not null && billed > (found.Request.Cost ?? 0m);
    }

    private static Attribution ToAttribution(LedgerRequest row)
    {
        var attribution = new Attribution
        {
            TenantId = row.TenantId,
            ProjectId = row.ProjectId,
            KeyId = row.KeyId,
            EndUser = row.EndUser,
            SessionId = row.SessionId,
            Purpose = PurposeNames.Parse(row.Purpose),
            Currency = row.Currency,
        };
        attribution.Tags.Add(JsonSerializer.Deserialize<Dictionary<string, string>>(row.Tags) ?? []);
        return attribution;
    }
}
