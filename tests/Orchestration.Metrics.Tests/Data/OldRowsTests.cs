using Microsoft.Extensions.DependencyInjection;
using Orchestration.Metrics.Data;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Data;

/// <summary>What nothing asks for any more, in a database of its own.</summary>
public sealed class OldRowsTests(BackingServices services) : IAsyncLifetime
{
    private const string Budget = "00000000-0000-0000-0000-000000000001";
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Closed_leases_of_ended_periods_go_and_all_others_stay()
    {
        await ExecuteAsync($"""
            INSERT INTO budgets (id, tenant_id, name, scope, scope_id, amount, currency, period, time_zone, thresholds, enabled, counts_simulated, version, created_at)
            VALUES ('{Budget}', 'acme', 'all', 'Tenant', '', 100, 'CNY', 'Month', 'UTC', ARRAY[80], true, false, 1, now());
            INSERT INTO budget_periods (budget_id, starts_at, ends_at, amount, spent, simulated, leased, suspended, late, excess)
            VALUES ('{Budget}', now() - interval '200 days', now() - interval '150 days', 100, 0, 0, 0, 0, 0, 0), ('{Budget}', now() - interval '149 days', NULL, 100, 0, 0, 0, 0, 0, 0);
            INSERT INTO budget_leases (id, budget_id, period_starts_at, tenant_id, holder, first_sequence, state, amount, used, granted_at, expires_at, closed_at)
            SELECT gen_random_uuid(), p.budget_id, p.starts_at, 'acme', 'gateway-' || l.state || l.age, 1, l.state, 1, 0, p.starts_at, p.starts_at, CASE WHEN l.state = 'closed' THEN now() - make_interval(days => l.age) END
            FROM budget_periods p CROSS JOIN (VALUES ('closed', 120), ('closed', 90), ('suspended', 120)) l (state, age)
            """);

        await DeleteAsync();

        (await _host.Database.CountAsync("budget_leases")).ShouldBe(5);
        (await _host.Database.CountAsync("budget_leases WHERE holder = 'gateway-closed120' AND period_starts_at < now() - interval '150 days'")).ShouldBe(0);
    }

    [Fact]
    public async Task Closed_leases_of_a_running_period_go_when_retention_has_dropped_the_requests_that_may_name_them()
    {
        await ExecuteAsync($"""
            INSERT INTO budgets (id, tenant_id, name, scope, scope_id, amount, currency, period, time_zone, thresholds, enabled, counts_simulated, version, created_at)
            VALUES ('{Budget}', 'acme', 'all', 'Tenant', '', 100, 'CNY', 'Lifetime', 'UTC', ARRAY[80], true, false, 1, now());
            INSERT INTO budget_periods (budget_id, starts_at, amount, spent, simulated, leased, suspended, late, excess) VALUES ('{Budget}', now() - interval '900 days', 100, 0, 0, 0, 0, 0, 0);
            INSERT INTO budget_leases (id, budget_id, period_starts_at, tenant_id, holder, first_sequence, state, amount, used, granted_at, expires_at, closed_at)
            SELECT gen_random_uuid(), p.budget_id, p.starts_at, 'acme', 'gateway-' || l.age, 1, l.state, 1, 0, p.starts_at, p.starts_at, CASE WHEN l.state = 'closed' THEN now() - make_interval(days => l.age) END
            FROM budget_periods p CROSS JOIN (VALUES ('closed', 300), ('closed', 120), ('suspended', 301)) l (state, age)
            """);
        await DeleteAsync();
        (await _host.Database.CountAsync("budget_leases")).ShouldBe(3);

        await PartitionMaintenance.DropAsync(_host.Database, 6, Cancellation);
        await DeleteAsync();

        (await _host.Database.CountAsync("budget_leases")).ShouldBe(2);
        (await _host.Database.CountAsync("budget_leases WHERE holder = 'gateway-300'")).ShouldBe(0);
    }

    [Fact]
    public async Task Turnovers_stay_while_they_are_the_last_or_end_an_open_lease()
    {
        await ExecuteAsync($"""
            INSERT INTO budgets (id, tenant_id, name, scope, scope_id, amount, currency, period, time_zone, thresholds, enabled, counts_simulated, version, created_at)
            VALUES ('{Budget}', 'acme', 'all', 'Tenant', '', 100, 'CNY', 'Month', 'UTC', ARRAY[80], true, false, 1, now());
            INSERT INTO budget_periods (budget_id, starts_at, amount, spent, simulated, leased, suspended, late, excess) VALUES ('{Budget}', '2026-01-01Z', 100, 0, 0, 0, 1, 0, 0);
            INSERT INTO budget_leases (id, budget_id, period_starts_at, tenant_id, holder, first_sequence, state, amount, used, granted_at, expires_at, drain_through)
            VALUES (gen_random_uuid(), '{Budget}', '2026-01-01Z', 'acme', 'held', 20, 'suspended', 1, 0, now(), now(), 29);
            INSERT INTO outbox_turnovers VALUES ('free', 10), ('free', 20), ('free', 30), ('held', 10), ('held', 20), ('held', 30), ('held', 40)
            """);

        await DeleteAsync();

        (await _host.Database.CountAsync("outbox_turnovers")).ShouldBe(3);
        (await _host.Database.CountAsync("outbox_turnovers WHERE (instance, sequence) IN (('free', 30), ('held', 30), ('held', 40))")).ShouldBe(3);
    }

    [Fact]
    public async Task Notes_findings_decisions_and_values_before_a_repricing_go_when_their_time_is_over()
    {
        await ExecuteAsync("""
            INSERT INTO recoveries (request_id, recovered_at, moved_at) SELECT gen_random_uuid(), now() - age, now() - moved
            FROM (VALUES (interval '120 days', NULL), (interval '120 days', interval '90 days'), (interval '90 days', NULL)) r (age, moved);
            INSERT INTO reconciliation_runs (id, trigger, first_day, last_day, state, started_at, days_done, gaps)
            SELECT gen_random_uuid(), 'asked', '2026-01-01', '2026-01-01', 'finished', now() - age, 1, 1 FROM unnest(ARRAY[interval '120 days', interval '90 days']) age;
            INSERT INTO reconciliation_findings (run_id, number, kind, tenant_id, subject, expected, actual) SELECT id, 1, 'rollup', '', '', '', '' FROM reconciliation_runs;
            INSERT INTO quarantined_events (event_id, type, payload_version, payload, reason, instance, sequence, received_at, state, decided_at)
            SELECT gen_random_uuid(), '', 1, '', '', '', 1, now() - interval '500 days', state, now() - age
            FROM (VALUES ('waiting', NULL), ('discarded', interval '410 days'), ('replayed', interval '390 days')) q (state, age);
            INSERT INTO repricings (id, state, request, period_from, period_to, created_at, changed_at, seen, differing, unexplained, problem)
            SELECT gen_random_uuid(), state, '{}', '2019-01-01Z', upto::timestamptz, now(), now(), 1, 1, 0, ''
            FROM (VALUES ('applied', '2019-12-01Z'), ('prepared', '2019-12-01Z'), ('applied', '2100-02-01Z')) r (state, upto);
            INSERT INTO repriced_attempts SELECT id, gen_random_uuid(), gen_random_uuid(), '', '', '', '', '', '', false, now(), '{}', '{}', 1, 1, 1, 1, 'applied' FROM repricings
            """);

        await DeleteAsync();

        (await _host.Database.CountAsync("recoveries")).ShouldBe(2);
        (await _host.Database.CountAsync("reconciliation_findings f JOIN reconciliation_runs r ON r.id = f.run_id WHERE r.started_at > now() - interval '100 days'")).ShouldBe(1);
        (await _host.Database.CountAsync("quarantined_events WHERE state <> 'discarded'")).ShouldBe(2);
        (await _host.Database.CountAsync("repriced_attempts")).ShouldBe(2);
        (await _host.Database.CountAsync("repricings")).ShouldBe(3);
    }

    // The service has done some of it, perhaps.
    private Task<long> DeleteAsync() => _host.Services.GetRequiredService<OldRows>().DeleteAsync(Cancellation);

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _host.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
