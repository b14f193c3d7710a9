using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Feedback;

namespace Orchestration.Gateway.Requests;

/// <summary>A request in the ledger as JSON for the tenant that made it.</summary>
internal static class ReceiptWriter
{
    public static void Write(Utf8JsonWriter writer, RequestRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, record.RequestId);
        writer.WriteString("object"u8, "request"u8);
        writer.WriteString("requested_model"u8, record.RequestedModel);
        writer.WriteString("provider"u8, record.Provider);
        writer.WriteString("model"u8, record.Model);
        writer.WriteString("route"u8, record.Route);
        writer.WriteString("class"u8, record.RequestClass);
        writer.WriteString("policy_version"u8, record.PolicyVersion);
        writer.WriteString("status"u8, record.CompletedAt is null ? "running" : record.Status);
        writer.WriteString("settlement"u8, SettlementNames.Of(record.Settlement));
        WriteMoney(writer, "cost", record.Cost);
        WriteMoney(writer, "baseline_cost", record.BaselineCost);
        WriteUsage(writer, record.Usage);
        WriteTime(writer, "started_at", record.StartedAt);
        WriteTime(writer, "completed_at", record.CompletedAt);
        WriteMilliseconds(writer, "time_to_first_token_ms", record.TimeToFirstToken);
        writer.WriteBoolean("streamed"u8, record.Streamed);
        writer.WriteBoolean("client_gone"u8, record.ClientGone);
        writer.WriteBoolean("simulated"u8, record.Simulated);
        writer.WriteString("cache"u8, record.Cache);
        writer.WriteString("trace_id"u8, record.TraceId);
        WriteAccount(writer, record);
        WriteFeedback(writer, record.Feedback);
        writer.WriteStartArray("attempts"u8);
        foreach (var attempt in record.Attempts)
            WriteAttempt(writer, attempt);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAccount(Utf8JsonWriter writer, RequestRecord record)
    {
        if (record.Attribution is not { } attribution)
            return;
        writer.WriteString("project"u8, attribution.ProjectId);
        writer.WriteString("key"u8, attribution.KeyId);
        writer.WriteString("end_user"u8, attribution.EndUser);
        writer.WriteString("session"u8, attribution.SessionId);
        writer.WriteStartObject("tags"u8);
        foreach (var (name, value) in attribution.Tags)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    private static void WriteFeedback(Utf8JsonWriter writer, Contracts.Metrics.V1.Feedback? feedback)
    {
        if (feedback is null)
            return;
        writer.WriteStartObject("feedback"u8);
        FeedbackWriter.WriteMembers(writer, feedback);
        writer.WriteEndObject();
    }

    private static void WriteAttempt(Utf8JsonWriter writer, AttemptRecord attempt)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, attempt.AttemptId);
        writer.WriteNumber("ordinal"u8, attempt.Ordinal);
        writer.WriteString("deployment"u8, attempt.Deployment);
        writer.WriteString("provider"u8, attempt.Provider);
        writer.WriteString("model"u8, attempt.Model);
        writer.WriteString("region"u8, attempt.Region);
        writer.WriteString("outcome"u8, NameOf(attempt.Outcome));
        writer.WriteString("failure_code"u8, attempt.FailureCode);
        WriteUsage(writer, attempt.Usage);
        WriteMoney(writer, "cost", attempt.Cost);
        WriteMoney(writer, "billed", attempt.Billed);
        WriteTime(writer, "started_at", attempt.StartedAt);
        WriteMilliseconds(writer, "time_to_first_token_ms", attempt.TimeToFirstToken);
        WriteMilliseconds(writer, "duration_ms", attempt.Duration);
        writer.WriteBoolean("simulated"u8, attempt.Simulated);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer, Usage? usage)
    {
        if (usage is null)
            return;
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, usage.InputTokens);
        writer.WriteNumber("cache_read_tokens"u8, usage.CacheReadTokens);
        writer.WriteNumber("cache_write_tokens"u8, usage.CacheWriteTokens + usage.CacheWrite1HTokens);
        writer.WriteNumber("audio_input_tokens"u8, usage.AudioInputTokens);
        writer.WriteNumber("output_tokens"u8, usage.OutputTokens);
        writer.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        writer.WriteNumber("audio_output_tokens"u8, usage.AudioOutputTokens);
        writer.WriteNumber("search_units"u8, usage.SearchUnits);
        writer.WriteEndObject();
    }

    private static void WriteMoney(Utf8JsonWriter writer, string name, Money? money)
    {
        if (money is null)
            return;
        writer.WriteStartObject(name);
        writer.WriteString("amount"u8, money.Amount);
        writer.WriteString("currency"u8, money.Currency);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, Timestamp? time)
    {
        if (time is not null)
            writer.WriteString(name, time.ToDateTimeOffset());
    }

    private static void WriteMilliseconds(Utf8JsonWriter writer, string name, Duration? duration)
    {
        if (duration is not null)
            writer.WriteNumber(name, duration.ToTimeSpan().TotalMilliseconds);
    }

    private static string NameOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Succeeded => "succeeded",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.Broken => "broken",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "running",
    };
}
