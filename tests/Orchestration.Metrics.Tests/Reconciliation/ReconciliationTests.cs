using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Reconciliation;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Reconciliation;

public sealed class ReconciliationTests(BackingServices services) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 10, 14, 12, 0, 0, TimeSpan.Zero);

    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ReconciliationService.ReconciliationServiceClient Client => new(_host.Channel);

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("request_cost", "UPDATE requests SET cost = cost + 0.000000000000001")]
    [InlineData("attempt_count", "UPDATE requests SET attempt_count = 2")]
    [InlineData("request_overdue", "UPDATE requests SET completed_event_id = NULL, settlement = NULL, cost = NULL")]
    [InlineData("request_not_admitted", "UPDATE requests SET admitted_event_id = NULL")]
    [InlineData("attempt_overdue", "UPDATE attempts SET finished_event_id = NULL, settlement = NULL, billed = NULL")]
    [InlineData("attempt_not_started", "UPDATE attempts SET started_event_id = NULL")]
    [InlineData("attempt_without_request", "DELETE FROM requests")]
    public async Task Planted_gap_between_rows_is_found(string kind, string plant)
    {
        await WriteAsync(LedgerStory.Begin(startedAt: Noon));
        await ExecuteAsync(plant);

        var gaps = await _host.Services.GetRequiredService<LedgerComparison>().OfDayAsync(new DateOnly(2026, 10, 14), 100, Cancellation);

        gaps.Shown.ShouldContain(gap => gap.Kind == kind);
    }

    [Fact]
    public async Task Clean_rows_have_no_gap_between_them()
    {
        foreach (var minute in Enumerable.Range(0, 20))
            await WriteAsync(LedgerStory.Begin(startedAt: Noon.AddMinutes(minute)));

        var gaps = await _host.Services.GetRequiredService<LedgerComparison>().OfDayAsync(new DateOnly(2026, 10, 14), 100, Cancellation);

        gaps.Shown.Where(gap => gap.Kind != "rollup").ShouldBeEmpty();
    }

    [Fact]
    public async Task Rollup_without_rows_is_a_gap()
    {
        await ExecuteAsync("""
            INSERT INTO usage_slices (tenant_id, dimension, grain, bucket, value, detail, currency, simulated, requests, failed_requests, cache_hits,
                estimated, recovered, cost, saved, attempts, failed_attempts, fallbacks, billed, input_tokens, cache_read_tokens, cache_write_tokens,
                cache_write_one_hour_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, search_units)
            VALUES ('acme', 'total', 'day', '2026-10-14Z', '', '', 'CNY', false, 1, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            """);

        var gaps = await _host.Services.GetRequiredService<LedgerComparison>().OfDayAsync(new DateOnly(2026, 10, 14), 100, Cancellation);

        gaps.Shown.Where(gap => gap.Kind == "rollup").Select(gap => (gap.Kind, gap.Subject, gap.Expected, gap.Actual))
            .ShouldBe([("rollup", "cost CNY", "0", "0.500000000000000"), ("rollup", "requests CNY", "0", "1")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("UPDATE usage_slices SET cost = cost + 1 WHERE dimension = 'project_model' AND grain = 'day'", "project_model by day cost CNY simulated")]
    [InlineData("DELETE FROM usage_slices WHERE dimension = 'project_model' AND grain = 'quarter'", "project_model by quarter billed CNY simulated")]
    [InlineData("UPDATE usage_slices SET input_tokens = 0 WHERE dimension = 'model'", "model by day input_tokens CNY simulated")]
    [InlineData("DELETE FROM usage_slices WHERE dimension = 'total' AND grain = 'quarter'", "total by quarter requests CNY simulated")]
    [InlineData("UPDATE usage_cells SET saved = saved + 0.000000000000001", "cells saved CNY simulated")]
    public async Task Rollup_that_another_one_contradicts_is_a_gap(string plant, string subject)
    {
        await WriteAsync(LedgerStory.Begin(startedAt: Noon));
        var comparison = _host.Services.GetRequiredService<LedgerComparison>();
        (await comparison.OfDayAsync(new DateOnly(2026, 10, 14), 100, Cancellation)).Shown.ShouldNotContain(gap => gap.Kind == "slice");
        await ExecuteAsync(plant);

        (await comparison.OfDayAsync(new DateOnly(2026, 10, 14), 100, Cancellation)).Shown.Where(gap => gap.Kind == "slice").Select(gap => gap.Subject).ShouldContain(subject);
    }

    [Fact]
    public async Task Rollups_that_an_older_version_left_out_are_made_again()
    {
        foreach (var story in new[] { LedgerStory.Begin(startedAt: Noon), LedgerStory.Begin() })
            await WriteAsync(story);
        var whole = await SlicesAsync();
        await ExecuteAsync("DELETE FROM usage_slices WHERE grain = 'month' AND bucket >= date_trunc('month', now(), 'UTC') OR dimension = 'project_model' AND bucket < '2026-10-15Z'");
        await ExecuteAsync("UPDATE usage_slices SET cost = cost - 0.000000000000001 WHERE dimension = 'project_model'");
        var runs = _host.Services.GetRequiredService<ReconciliationRuns>();

        foreach (var (day, gaps) in new[] { (Noon, true), (TimeProvider.System.GetUtcNow(), true), (Noon, false), (TimeProvider.System.GetUtcNow(), false) })
        {
            var run = await runs.RunAsync("asked", DateOnly.FromDateTime(day.UtcDateTime), DateOnly.FromDateTime(day.UtcDateTime), _ => Task.CompletedTask, Cancellation);
            (await _host.Database.CountAsync($"reconciliation_findings WHERE kind = 'slice' AND run_id = '{run.ShouldNotBeNull().Id}'") > 0).ShouldBe(gaps);
        }

        (await SlicesAsync()).ShouldBe(whole);
    }

    private async Task<string> SlicesAsync(string tenant = "%")
    {
        await using var command = _host.Database.CreateCommand(
            "SELECT string_agg(to_jsonb(s)::text, E'\\n' ORDER BY s.tenant_id, s.dimension, s.grain, s.bucket, s.value, s.detail, s.simulated) FROM usage_slices s WHERE s.tenant_id LIKE $1");
        command.Parameters.Add(new() { Value = tenant });
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    [Fact]
    public async Task Month_that_its_days_contradict_is_a_gap()
    {
        await WriteAsync(LedgerStory.Begin());
        var today = TimeProvider.System.GetUtcNow();
        var month = new DateOnly(today.Year, today.Month, 1);
        var comparison = _host.Services.GetRequiredService<LedgerComparison>();
        (await comparison.OfMonthAsync(month, 100, Cancellation)).Total.ShouldBe(0);
        // As a version leaves it that knows no months.
        await ExecuteAsync("DELETE FROM usage_slices WHERE grain = 'month' AND dimension = 'end_user'");

        (await comparison.OfMonthAsync(month, 100, Cancellation)).Shown.ShouldAllBe(gap => gap.Kind == "slice" && gap.Subject.StartsWith("end_user by month", StringComparison.Ordinal));
        (await comparison.OfMonthAsync(month, 100, Cancellation)).Shown.ShouldContain(gap => gap.Subject.Contains("requests CNY", StringComparison.Ordinal) && gap.Expected == "1" && gap.Actual == "0");
    }

    [Fact]
    public async Task Older_month_is_made_again_when_its_days_are_named_and_a_closed_one_is_only_told()
    {
        var march = new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
        foreach (var tenant in new[] { "open", "shut" })
            await WriteAsync(LedgerStory.Begin(tenant, march));
        var whole = await SlicesAsync();
        await ExecuteAsync("INSERT INTO closed_months VALUES ('shut', '2026-03', 'Asia/Shanghai', '2026-02-28T16:00Z', '2026-03-31T16:00Z', now(), 'finance', '[]')");
        await ExecuteAsync("DELETE FROM usage_slices WHERE tenant_id = 'open' AND (grain = 'month' OR dimension = 'project_model')");
        await ExecuteAsync("UPDATE usage_slices SET failed_requests = failed_requests + 7 WHERE tenant_id = 'shut' AND (grain = 'month' OR dimension = 'project_model')");
        var shut = await SlicesAsync("shut");

        (await TenantsWithWrongSlicesAsync(march)).ShouldBe("open,shut");
        (await TenantsWithWrongSlicesAsync(march)).ShouldBe("shut");

        (await SlicesAsync("shut")).ShouldBe(shut);
        await ExecuteAsync("UPDATE usage_slices SET failed_requests = failed_requests - 7 WHERE failed_requests >= 7");
        (await SlicesAsync()).ShouldBe(whole);
    }

    [Fact]
    public async Task Repairs_at_once_add_what_is_missing_once()
    {
        await WriteAsync(LedgerStory.Begin(startedAt: Noon));
        var whole = await SlicesAsync();
        var repair = _host.Services.GetRequiredService<RollupRepair>();
        await ExecuteAsync("DELETE FROM usage_slices WHERE grain = 'month'");
        // Holds both at the row that they miss, until each that can has seen that it is missing.
        await using var connection = await _host.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var held = connection.CreateCommand();
        held.CommandText = """
            INSERT INTO usage_slices SELECT (jsonb_populate_record(s, '{"grain": "month", "bucket": "2026-10-01T00:00:00Z"}')).*
            FROM usage_slices s WHERE s.grain = 'day' AND s.dimension IN ('end_user', 'tag')
            """;
        (await held.ExecuteNonQueryAsync(Cancellation)).ShouldBePositive();
        var repairs = Enumerable.Range(0, 2).Select(_ => repair.OfMonthAsync(new DateOnly(2026, 10, 1), Cancellation)).ToArray();
        await Eventually.HoldsAsync(async () => await _host.Database.CountAsync("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") >= 2);

        await transaction.RollbackAsync(Cancellation);
        (await Task.WhenAll(repairs)).ShouldContain(0);

        (await SlicesAsync()).ShouldBe(whole);
    }

    private async Task<string> TenantsWithWrongSlicesAsync(DateTimeOffset day)
    {
        var named = DateOnly.FromDateTime(day.UtcDateTime);
        var run = await _host.Services.GetRequiredService<ReconciliationRuns>().RunAsync("asked", named, named, _ => Task.CompletedTask, Cancellation);
        await using var command = _host.Database.CreateCommand(
            "SELECT string_agg(DISTINCT tenant_id, ',' ORDER BY tenant_id) FROM reconciliation_findings WHERE kind = 'slice' AND subject ~ 'month 2026-03' AND run_id = $1");
        command.Parameters.Add(new() { Value = run.ShouldNotBeNull().Id });
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    [Fact]
    public async Task Numbers_that_an_outbox_lacks_are_a_gap_once_they_are_missing_for_long()
    {
        await ExecuteAsync("INSERT INTO outbox_ranges VALUES ('gateway-0', 1, 1202), ('gateway-0', 1208, 1300), ('providers-0', 1, 7), ('providers-0', 5, 9)");
        var comparison = _host.Services.GetRequiredService<LedgerComparison>();
        (await comparison.OfTodayAsync(100, Cancellation)).Total.ShouldBe(0);

        await ExecuteAsync("UPDATE outbox_gaps SET noticed_at = now() - interval '11 minutes'");
        var gap = (await comparison.OfTodayAsync(100, Cancellation)).Shown.ShouldHaveSingleItem();
        (gap.Kind, gap.Subject, gap.Expected).ShouldBe(("outbox", "gateway-0", "1203–1207"));

        await ExecuteAsync("INSERT INTO outbox_ranges VALUES ('gateway-0', 1203, 1204)");
        (await comparison.OfTodayAsync(100, Cancellation)).Shown.ShouldHaveSingleItem().Expected.ShouldBe("1205–1207");
        await ExecuteAsync("INSERT INTO outbox_ranges VALUES ('gateway-0', 1205, 1207)");
        (await comparison.OfTodayAsync(100, Cancellation)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Run_tells_its_progress_and_is_kept_with_its_findings()
    {
        await WriteAsync(LedgerStory.Begin(startedAt: Noon));
        await ExecuteAsync("DELETE FROM requests");

        using var call = Client.Reconcile(new ReconcileRequest { FirstDay = "2026-10-13", LastDay = "2026-10-15" }, CallOptions());
        var told = new List<Contracts.Metrics.V1.Reconciliation>();
        await foreach (var step in call.ResponseStream.ReadAllAsync(Cancellation))
            told.Add(step);

        told.Select(step => step.DaysDone).ShouldBe([0, 1, 2, 3, 3]);
        told[^1].State.ShouldBe("finished");
        var kept = await Client.GetReconciliationAsync(new GetReconciliationRequest { ReconciliationId = told[^1].ReconciliationId }, CallOptions());
        kept.Gaps.ShouldBe(told[^1].Gaps);
        kept.Findings.ShouldContain(finding => finding.Kind == "attempt_without_request" && finding.Day == "2026-10-14" && finding.TenantId == "acme");
        (await Client.ListReconciliationsAsync(new ListReconciliationsRequest(), CallOptions())).Reconciliations.ShouldHaveSingleItem().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelled_run_is_kept_as_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var runs = _host.Services.GetRequiredService<ReconciliationRuns>();

        await Should.ThrowAsync<OperationCanceledException>(() => runs.RunAsync(
            "asked", new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 9), run => run.DaysDone == 2 ? cancelled.CancelAsync() : Task.CompletedTask, cancelled.Token));

        (await _host.Database.CountAsync("reconciliation_runs WHERE state = 'cancelled' AND days_done = 2 AND ended_at IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task Night_is_compared_once()
    {
        var nightly = _host.Services.GetRequiredService<NightlyReconciliation>();
        _host.Services.GetRequiredService<IOptions<ReconciliationOptions>>().Value.NightlyAt = TimeSpan.Zero;

        (await nightly.RunIfDueAsync(Cancellation)).ShouldBeTrue();
        (await nightly.RunIfDueAsync(Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Invoice_is_compared_with_attempts_of_real_providers()
    {
        await WriteAsync(LedgerStory.Begin(startedAt: Noon));
        await ExecuteAsync("UPDATE attempts SET simulated = false, cost = 10");

        var entered = await Client.EnterInvoiceAsync(
            new EnterInvoiceRequest { Provider = "simulated", Currency = "USD", Actor = "finance", Csv = "day,model,amount\n2026-10-14,small,10.05\n2026-10-15,other,3" },
            CallOptions());

        entered.Lines.Select(line => (line.Day, line.Model, line.Difference.Amount, line.WithinTolerance))
            .ShouldBe([("2026-10-14", "small", "0.05", true), ("2026-10-15", "other", "3", false)]);
        entered.Total.Recorded.Amount.ShouldBe("10");
        var again = await Client.GetInvoiceAsync(new GetInvoiceRequest { InvoiceId = entered.Invoice.InvoiceId }, CallOptions());
        again.Lines.ShouldBe(entered.Lines);
        again.Total.ShouldBe(entered.Total);

        // Lines of a closed month, of two re-pricings, say that it cost 0.05 more.
        await ExecuteAsync("""
            INSERT INTO repriced_attempts SELECT r.id, a.id, a.request_id, a.tenant_id, a.project_id, a.provider, a.model, a.currency, a.cost_currency, false,
                a.request_started_at, a.price, a.price, r.before, r.after, 0, 0, r.state
            FROM attempts a, (VALUES (gen_random_uuid(), 10, 12, 'adjusted'), (gen_random_uuid(), 12, 10.05, 'adjusted'), (gen_random_uuid(), 10, 99, 'stale')) r (id, before, after, state)
            """);
        var corrected = await Client.GetInvoiceAsync(new GetInvoiceRequest { InvoiceId = entered.Invoice.InvoiceId }, CallOptions());
        corrected.Lines.Select(line => (line.Difference.Amount, line.Attempts)).ShouldBe([("0", 1), ("3", 0)]);
    }

    private CallOptions CallOptions()
    {
        var tokens = new ServiceTokens(
            _host.Services.GetRequiredService<IOptions<ServiceIdentityOptions>>(), new ServiceInfo(ResourceNames.Gateway, "0"), TimeProvider.System);
        return new InternalCalls(tokens, TimeProvider.System).For("", "admin", TimeSpan.FromSeconds(60), Cancellation);
    }

    private async Task WriteAsync(LedgerStory story)
    {
        await _host.Writer.WriteAsync(story.Events.Sequenced(), Cancellation);
        await ExecuteAsync("UPDATE requests SET recorded_at = now() - interval '1 hour'");
        await ExecuteAsync("UPDATE attempts SET recorded_at = now() - interval '1 hour'");
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _host.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
