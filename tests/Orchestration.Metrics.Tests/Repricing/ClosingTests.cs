using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Repricing;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Repricing;

/// <summary>Months that are closed while others record, in a database of their own.</summary>
public sealed class ClosingTests(BackingServices services) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly DateTimeOffset LastMonth = new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-2);
    private static readonly string Month = MonthOf(LastMonth);
    private MetricsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ClosedMonths Months => _host.Services.GetRequiredService<ClosedMonths>();

    public async ValueTask InitializeAsync() => _host = await MetricsHost.StartAsync(services);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Recording_goes_on_while_the_rows_of_the_month_are_read()
    {
        await WriteAsync(LedgerStory.Begin(startedAt: LastMonth));
        var today = LedgerStory.Begin();
        Task<string?> closing;
        await using (await HoldAsync("requests"))
        {
            closing = CloseAsync("");
            await UntilWaitingAsync("requests");

            await WriteAsync(today).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        }

        (await closing).ShouldBeNull();
        (await _host.Database.RowsAsync("requests", today.RequestId)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Request_that_ends_while_the_rows_are_read_is_looked_at_too()
    {
        await WriteAsync(LedgerStory.Begin(startedAt: LastMonth));
        var late = LedgerStory.Begin(startedAt: LastMonth.AddMinutes(1));
        Task<string?> closing;
        await using (await HoldAsync("attempts"))
        {
            closing = CloseAsync("acme");
            await UntilWaitingAsync("attempts");
            // Its attempt is not told yet.
            await _host.Writer.WriteAsync(new[] { late.Events[0], late.Events[3] }.Sequenced(), Cancellation);
        }

        (await closing).ShouldNotBeNull().ShouldContain("1 requests");
        await WriteAsync(late);
        (await CloseAsync("acme")).ShouldBeNull();
        var closed = (await Months.ListAsync("acme", Cancellation)).ShouldHaveSingleItem();
        closed.Totals.Sum(total => total.Attempts).ShouldBe(2);
    }

    [Fact]
    public async Task Request_that_begins_while_the_rows_are_read_keeps_the_month_open()
    {
        await WriteAsync(LedgerStory.Begin(startedAt: LastMonth));
        var open = LedgerStory.Begin(startedAt: LastMonth.AddMinutes(1));
        Task<string?> closing;
        await using (await HoldAsync("attempts"))
        {
            closing = CloseAsync("acme");
            await UntilWaitingAsync("attempts");
            await _host.Writer.WriteAsync(open.Events.Take(1).Sequenced(), Cancellation);
        }

        (await closing).ShouldNotBeNull().ShouldContain("1 requests");
    }

    [Fact]
    public async Task Month_of_another_zone_is_closed_with_what_lies_in_it()
    {
        var month = MonthPeriod.Read(Month, "Asia/Kathmandu").ShouldNotBeNull();
        foreach (var moment in new[] { month.From.AddSeconds(-1), month.From, month.To.AddSeconds(-1) })
            await WriteAsync(LedgerStory.Begin(startedAt: moment));

        (await Months.CloseAsync("acme", month, "finance", Cancellation)).ShouldBeNull();

        (await Months.ListAsync("acme", Cancellation)).ShouldHaveSingleItem().Totals.Sum(total => total.Attempts).ShouldBe(2);
    }

    [Fact]
    public async Task Lines_of_a_closed_month_go_to_the_first_month_that_is_open_for_the_tenant()
    {
        (await CloseAsync("acme")).ShouldBeNull();
        // The present month has been closed where it ended hours ago.
        var (present, next) = (MonthOf(Now), MonthOf(new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1)));
        await using (var command = _host.Database.CreateCommand(
            $"INSERT INTO closed_months VALUES ('acme', '{present}', 'Pacific/Kiritimati', '2000-01-01Z', '2000-02-01Z', now(), 'finance', '[]')"))
            await command.ExecuteNonQueryAsync(Cancellation);

        var told = await AddAsync(-1);
        var late = LedgerStory.Begin(startedAt: LastMonth);
        var target = late.Started.Target with { Simulated = false };
        await _host.Writer.WriteAsync(new[] { late.Wrap(late.Finished with { Target = target }) }.Sequenced(), Cancellation);

        told.ShouldBeOfType<AddedLine.Stands>().Line.BookedIn.ShouldBe(next);
        (await Months.AdjustmentsAsync("acme", "", 10, Cancellation)).Select(line => (line.Actor, line.BookedIn))
            .ShouldBe([("finance", next), (LateLines.Actor, next)], ignoreOrder: true);
    }

    [Fact]
    public async Task Line_is_not_added_to_a_month_that_is_being_closed()
    {
        (await CloseAsync("acme")).ShouldBeNull();
        var (present, next) = (MonthOf(Now), MonthOf(new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1)));
        Task<AddedLine> told;
        await using (var closing = await _host.AdministerAsync(services, "BEGIN", "SELECT pg_advisory_xact_lock(hashtext('closed_months'))"))
        {
            told = AddAsync(-1);
            await Eventually.HoldsAsync(async () => await _host.Database.CountAsync("pg_locks WHERE NOT granted AND locktype = 'advisory'") > 0);
            await using var close = new NpgsqlCommand(
                $"INSERT INTO closed_months VALUES ('acme', '{present}', 'Pacific/Kiritimati', '2000-01-01Z', '2000-02-01Z', now(), 'finance', '[]'); COMMIT", closing);
            await close.ExecuteNonQueryAsync(Cancellation);
        }

        (await told).ShouldBeOfType<AddedLine.Stands>().Line.BookedIn.ShouldBe(next);
    }

    // Whoever got no answer asks again, and finance must not pay twice for it.
    [Fact]
    public async Task Line_with_an_id_is_added_once_however_often_it_is_asked_for()
    {
        (await CloseAsync("acme")).ShouldBeNull();
        var id = Guid.CreateVersion7();

        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AddAsync(-1, id)));

        told.Select(line => line.ShouldBeOfType<AddedLine.Stands>().Line.AdjustmentId).ShouldAllBe(known => known == id.ToString("D"));
        (await Months.AdjustmentsAsync("acme", "", 10, Cancellation)).ShouldHaveSingleItem();
        (await AddAsync(-2, id)).ShouldBeOfType<AddedLine.IdTaken>();
        (await AddAsync(-1)).ShouldBeOfType<AddedLine.Stands>().Line.AdjustmentId.ShouldNotBe(id.ToString("D"));
    }

    private Task<AddedLine> AddAsync(decimal amount, Guid? id = null) => Months.AddAsync(
        new Adjustment { TenantId = "acme", BelongsTo = Month, Reason = "goodwill", Actor = "finance" }, id, new Pricing.Money(amount, "CNY"), Cancellation);

    private static string MonthOf(DateTimeOffset moment) => moment.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private Task<string?> CloseAsync(string tenant) =>
        Months.CloseAsync(tenant, MonthPeriod.Read(Month, "UTC").ShouldNotBeNull(), "finance", Cancellation);

    private async Task WriteAsync(LedgerStory story) => await _host.Writer.WriteAsync(story.Events.Sequenced(), Cancellation);

    private static string Partition(string table) => $"{table}_{LastMonth.ToString("yyyy_MM", CultureInfo.InvariantCulture)}";

    /// <summary>Keeps everybody from the rows of the month in one table.</summary>
    private async Task<NpgsqlConnection> HoldAsync(string table) =>
        await _host.AdministerAsync(services, "BEGIN", $"LOCK TABLE {Partition(table)} IN ACCESS EXCLUSIVE MODE");

    private Task UntilWaitingAsync(string table) => Eventually.HoldsAsync(
        async () => await _host.Database.CountAsync($"pg_locks WHERE NOT granted AND relation = '{Partition(table)}'::regclass") > 0);
}
