using Npgsql;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Writes requests and attempts of one month straight into its partitions, side by side.</summary>
internal sealed class LedgerCopy : IDisposable
{
    private const string RequestColumns = """
        id, tenant_id, project_id, key_id, end_user, session_id, purpose, route, request_class, policy_version, currency, started_at, tags, trace_id,
        requested_model, streamed, simulated, admitted_event_id, admitted_at, reserved, lease_slices,
        completed_event_id, completed_at, provider, model, status, settlement, cost, baseline, attempt_count, client_gone, cache, time_to_first_token_ms
        """;

    private const string AttemptColumns = """
        id, tenant_id, project_id, key_id, end_user, session_id, purpose, route, request_class, policy_version, currency, request_started_at, tags, trace_id,
        request_id, ordinal, deployment, provider, model, region, simulated, price, rate, rate_as_of, started_at, started_event_id, reserved,
        finished_event_id, finished_at, outcome, failure_code, provider_status, settlement, cost, cost_currency, billed, time_to_first_token_ms, duration_ms,
        input_tokens, cache_read_tokens, cache_write_tokens, cache_write_one_hour_tokens, audio_input_tokens, output_tokens, reasoning_tokens,
        audio_output_tokens, search_units
        """;

    private static readonly DateTimeOffset RateDay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FrozenCopy _requests;
    private readonly FrozenCopy _attempts;

    public LedgerCopy(NpgsqlDataSource database, string month)
    {
        _requests = new FrozenCopy(database, $"requests_{month}", RequestColumns);
        _attempts = new FrozenCopy(database, $"attempts_{month}", AttemptColumns);
    }

    public void Write(GeneratedRequest row)
    {
        var copy = _requests.Row(row.Id);
        WriteDimensions(copy, row);
        copy.Text(row.RequestedModel);
        copy.Flag(row.Streamed);
        copy.Flag(row.Simulated);
        copy.Id(row.Id);
        copy.Moment(row.StartedAt);
        copy.Money(0.2m);
        copy.Json("[]");
        WriteEnd(copy, row);
        foreach (var attempt in row.Attempts)
            Write(row, attempt);
    }

    public void Complete()
    {
        _requests.Complete();
        _attempts.Complete();
    }

    public void Dispose()
    {
        _requests.Dispose();
        _attempts.Dispose();
    }

    private static void WriteEnd(FrozenCopy copy, GeneratedRequest row)
    {
        if (row.Open)
        {
            for (var column = 0; column < 12; column++)
                copy.Nothing();
            return;
        }

        copy.Id(row.Id);
        copy.Moment(row.StartedAt.AddMilliseconds(row.DurationMs));
        copy.Text(row.Answer?.Model.Provider ?? "");
        copy.Text(row.Answer?.Model.Name ?? "");
        copy.Text(row.Status);
        copy.Text(row.Settlement);
        copy.Money(row.Cost);
        copy.Money(row.Baseline);
        copy.Number(row.Attempts.Count);
        copy.Flag(false);
        copy.Text(row.Cache);
        copy.Milliseconds(row.FirstTokenMs);
    }

    private void Write(GeneratedRequest row, GeneratedAttempt attempt)
    {
        var copy = _attempts.Row(attempt.Id);
        WriteDimensions(copy, row);
        copy.Id(row.Id);
        copy.Number(attempt.Ordinal);
        copy.Text(attempt.Model.Deployment);
        copy.Text(attempt.Model.Provider);
        copy.Text(attempt.Model.Name);
        copy.Text("any");
        copy.Flag(row.Simulated);
        copy.Json(attempt.Model.Price);
        copy.Money(attempt.Rate);
        copy.Moment(RateDay);
        copy.Moment(attempt.StartedAt);
        copy.Id(attempt.Id);
        copy.Money(0.2m);
        copy.Id(attempt.Id);
        copy.Moment(attempt.StartedAt.AddMilliseconds(attempt.DurationMs));
        copy.Text(attempt.Succeeded ? "succeeded" : "failed");
        copy.Text(attempt.FailureCode);
        copy.Number(attempt.Succeeded ? 200 : 529);
        copy.Text(attempt.Settlement);
        copy.Money(attempt.Cost);
        copy.Text("USD");
        copy.Money(attempt.Billed);
        copy.Milliseconds(attempt.FirstTokenMs);
        copy.Milliseconds(attempt.DurationMs);
        foreach (var tokens in (ReadOnlySpan<long>)[attempt.Input, attempt.CacheRead, 0, 0, 0, attempt.Output, attempt.Reasoning, 0, 0])
            copy.Count(tokens);
    }

    private static void WriteDimensions(FrozenCopy copy, GeneratedRequest row)
    {
        copy.Text(row.Tenant);
        copy.Text(row.Project);
        copy.Text(row.Key);
        copy.Text(row.EndUser);
        copy.Text(row.Session);
        copy.Text(row.Purpose);
        copy.Text(row.Route);
        copy.Text(row.RequestClass);
        copy.Text("12");
        copy.Text(row.Currency);
        copy.Moment(row.StartedAt);
        copy.Json(row.Tags);
        copy.Text(row.TraceId);
    }
}
