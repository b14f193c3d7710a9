using System.Text.Json;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Rollups;
using static Orchestration.Metrics.Recording.ColumnSource;
using AttemptColumn = Orchestration.Metrics.Recording.LedgerColumn<Orchestration.Metrics.Recording.AttemptRow>;
using RequestColumn = Orchestration.Metrics.Recording.LedgerColumn<Orchestration.Metrics.Recording.RequestRow>;

namespace Orchestration.Metrics.Recording;

/// <summary>The columns of the two ledger tables.</summary>
internal static class LedgerTables
{
    public static LedgerTable<RequestRow, RequestFacts> Requests { get; } = new(
        "requests", "admitted_event_id", "completed_event_id", RequestFacts.Columns, RequestFacts.Read,
    [
        .. Dimensions<RequestRow>("started_at"),
        RequestColumn.Text("requested_model", Both, row => row.RequestedModel),
        RequestColumn.Flag("streamed", Both, row => row.Streamed),
        RequestColumn.Flag("simulated", Both, row => row.Simulated),
        RequestColumn.Text("trace_id", Trace, row => row.TraceId),
        RequestColumn.Id("admitted_event_id", First, row => row.Admitted?.EventId),
        RequestColumn.Moment("admitted_at", First, row => row.Admitted?.OccurredAt),
        RequestColumn.Money("reserved", First, row => row.Admitted?.Payload.Reserved),
        RequestColumn.Json("lease_slices", First, row => Slices(row.Admitted?.Payload.LeaseSlices)),
        RequestColumn.Id("completed_event_id", Second, row => row.Completed?.EventId),
        RequestColumn.Moment("completed_at", Second, row => row.Completed?.Payload.CompletedAt),
        RequestColumn.Text("provider", Second, row => row.Completed?.Payload.Provider),
        RequestColumn.Text("model", Second, row => row.Completed?.Payload.Model),
        RequestColumn.Text("status", Second, row => row.Completed?.Payload.Status),
        RequestColumn.Text("settlement", Second, row => row.Completed?.Payload.Settlement),
        RequestColumn.Money("cost", Second, row => row.Completed?.Payload.Cost),
        RequestColumn.Money("baseline", Second, row => row.Completed?.Payload.Baseline),
        RequestColumn.Number("attempt_count", Second, row => row.Completed?.Payload.AttemptCount),
        RequestColumn.Flag("client_gone", Second, row => row.Completed?.Payload.ClientGone),
        RequestColumn.Text("cache", Second, row => row.Completed?.Payload.Cache),
        RequestColumn.Milliseconds("time_to_first_token_ms", Second, row => row.Completed?.Payload.TimeToFirstTokenMs),
    ]);

    public static LedgerTable<AttemptRow, AttemptFacts> Attempts { get; } = new(
        "attempts", "started_event_id", "finished_event_id", AttemptFacts.Columns, AttemptFacts.Read,
    [
        .. Dimensions<AttemptRow>("request_started_at"),
        AttemptColumn.Id("request_id", Both, row => row.RequestId),
        AttemptColumn.Number("ordinal", Both, row => row.Ordinal),
        AttemptColumn.Text("deployment", Both, row => row.Target.Deployment),
        AttemptColumn.Text("provider", Both, row => row.Target.Provider),
        AttemptColumn.Text("model", Both, row => row.Target.Model),
        AttemptColumn.Text("region", Both, row => row.Target.Region),
        AttemptColumn.Flag("simulated", Both, row => row.Target.Simulated),
        AttemptColumn.Json("price", Both, row => row.Target.Price),
        AttemptColumn.Money("rate", Both, row => row.Target.Rate),
        AttemptColumn.Moment("rate_as_of", Both, row => row.Target.RateAsOf),
        AttemptColumn.Moment("started_at", Both, row => row.StartedAt),
        AttemptColumn.Text("trace_id", Trace, row => row.TraceId),
        AttemptColumn.Id("started_event_id", First, row => row.Started?.EventId),
        AttemptColumn.Money("reserved", First, row => row.Started?.Payload.Reserved),
        AttemptColumn.Id("finished_event_id", Second, row => row.Finished?.EventId),
        AttemptColumn.Moment("finished_at", Second, row => row.Finished?.OccurredAt),
        AttemptColumn.Text("outcome", Second, row => row.Finished?.Payload.Outcome),
        AttemptColumn.Text("failure_code", Second, row => row.Finished?.Payload.FailureCode),
        AttemptColumn.Number("provider_status", Second, row => row.Finished?.Payload.ProviderStatus),
        AttemptColumn.Text("settlement", Second, row => row.Finished?.Payload.Settlement),
        AttemptColumn.Money("cost", Second, row => row.Finished?.Payload.Cost),
        AttemptColumn.Text("cost_currency", Second, row => row.Finished?.Payload.CostCurrency),
        AttemptColumn.Money("billed", Second, row => row.Finished?.Payload.Billed),
        AttemptColumn.Milliseconds("time_to_first_token_ms", Second, row => row.Finished?.Payload.TimeToFirstTokenMs),
        AttemptColumn.Milliseconds("duration_ms", Second, row => row.Finished?.Payload.DurationMs),
        AttemptColumn.Count("input_tokens", Second, row => row.Finished?.Payload.Usage.Input),
        AttemptColumn.Count("cache_read_tokens", Second, row => row.Finished?.Payload.Usage.CacheRead),
        AttemptColumn.Count("cache_write_tokens", Second, row => row.Finished?.Payload.Usage.CacheWrite),
        AttemptColumn.Count("cache_write_one_hour_tokens", Second, row => row.Finished?.Payload.Usage.CacheWrite1H),
        AttemptColumn.Count("audio_input_tokens", Second, row => row.Finished?.Payload.Usage.AudioInput),
        AttemptColumn.Count("output_tokens", Second, row => row.Finished?.Payload.Usage.Output),
        AttemptColumn.Count("reasoning_tokens", Second, row => row.Finished?.Payload.Usage.Reasoning),
        AttemptColumn.Count("audio_output_tokens", Second, row => row.Finished?.Payload.Usage.AudioOutput),
        AttemptColumn.Count("search_units", Second, row => row.Finished?.Payload.Usage.SearchUnits),
        AttemptColumn.Flag("thinking", Second, row => row.Finished?.Payload.Thinking),
        AttemptColumn.Text("service_tier", Second, row => row.Finished?.Payload.ServiceTier),
    ]);

    private static IEnumerable<LedgerColumn<TRow>> Dimensions<TRow>(string requestStartedAt)
        where TRow : ILedgerRow =>
    [
        LedgerColumn<TRow>.Id("id", Fixed, row => row.Id),
        LedgerColumn<TRow>.Text("tenant_id", Fixed, row => row.Dimensions.TenantId),
        LedgerColumn<TRow>.Text("project_id", Both, row => row.Dimensions.ProjectId),
        LedgerColumn<TRow>.Text("key_id", Both, row => row.Dimensions.KeyId),
        LedgerColumn<TRow>.Text("end_user", Both, row => row.Dimensions.EndUser),
        LedgerColumn<TRow>.Text("session_id", Both, row => row.Dimensions.SessionId),
        LedgerColumn<TRow>.Text("purpose", Both, row => row.Dimensions.Purpose),
        LedgerColumn<TRow>.Text("route", Both, row => row.Dimensions.Route),
        LedgerColumn<TRow>.Text("request_class", Both, row => row.Dimensions.RequestClass),
        LedgerColumn<TRow>.Text("policy_version", Both, row => row.Dimensions.PolicyVersion),
        LedgerColumn<TRow>.Text("currency", Both, row => row.Dimensions.Currency),
        LedgerColumn<TRow>.Moment(requestStartedAt, Both, row => row.Dimensions.RequestStartedAt),
        LedgerColumn<TRow>.Json("tags", Both, row => StoredText.FitTags(row.Dimensions.Tags)),
    ];

    private static string? Slices(IReadOnlyList<LeaseSlice>? slices) =>
        slices is null ? null : JsonSerializer.Serialize(slices, JsonSerializerOptions.Web);
}
