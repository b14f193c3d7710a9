using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

using Outbox = Orchestration.ServiceDefaults.Outbox.Outbox;

/// <summary>Spool files as a torn disk leaves them.</summary>
public sealed class SpoolDamageTests : IDisposable
{
    private const int Events = 400;

    private readonly string _directory = TestOutbox.NewDirectory();
    private readonly LoggerFactory _logging = new();
    private readonly RecordedLogs _logs = new();

    public SpoolDamageTests() => _logging.AddProvider(_logs);

    private string Spool => Path.Combine(_directory, "slot-0", "spool.db");

    [Fact]
    public async Task D38_damaged_page_costs_only_what_stood_on_it()
    {
        var (written, last) = await FillAsync();
        Overwrite(offset: 5 * 4_096 + 50, length: 4_096);

        using var again = Open();

        var found = Found(again);
        found.Except(written).ShouldBeEmpty();
        found.Count.ShouldBeInRange(Events - 40, Events - 1);
        again.Pending.ShouldBe(found.Count);
        again.Slot.File.ReadOldest(1, int.MaxValue).Single().Sequence.ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task D38_events_are_found_in_a_file_without_its_first_page()
    {
        var (written, _) = await FillAsync();
        Overwrite(offset: 0, length: 4_096);

        using var again = Open();

        Found(again).Order().ShouldBe(written.Order());
    }

    [Fact]
    public async Task D38_torn_end_of_the_file_is_survived()
    {
        var (written, _) = await FillAsync();
        using (var file = new FileStream(Spool, FileMode.Open))
        {
            file.SetLength(file.Length * 2 / 3 + 123);
        }

        using var again = Open();

        var found = Found(again);
        found.Except(written).ShouldBeEmpty();
        found.Count.ShouldBeGreaterThan(Events / 2);
    }

    [Fact]
    public void D38_file_that_was_never_a_spool_keeps_nobody_from_starting()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Spool)!);
        File.WriteAllBytes(Spool, [.. Enumerable.Range(0, 50_000).Select(index => (byte)(index * 31))]);

        using var outbox = Open();

        outbox.Pending.ShouldBe(0);
    }

    [Fact]
    public async Task D38_damage_is_told_once_and_shows_until_somebody_has_dealt_with_it()
    {
        await FillAsync();
        Overwrite(offset: 5 * 4_096 + 50, length: 4_096);
        long salvaged;
        using (var first = Open())
        {
            salvaged = first.Pending;
        }

        using var second = Open();

        second.Pending.ShouldBe(salvaged);
        _logs.Entries.Count(entry => entry.Level == LogLevel.Critical).ShouldBe(1);
        var health = await new OutboxHealthCheck(second, new BrokerAlarm(NullLogger<BrokerAlarm>.Instance), TimeProvider.System).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Data["damagedFiles"].ShouldBe(1);
        health.Data["pending"].ShouldBe(salvaged);
    }

    [Fact]
    public async Task D38_changed_body_is_not_taken_for_an_event()
    {
        await FillAsync();
        using (var connection = new SqliteConnection($"Data Source={Spool};Pooling=False"))
        {
            connection.Open();
            using var change = connection.CreateCommand();
            change.CommandText = "UPDATE event SET body = replace(CAST(body AS TEXT), 'quoted', 'quotes') WHERE sequence = (SELECT min(sequence) FROM event)";
            change.ExecuteNonQuery();
        }

        using var again = Open();

        var rows = again.Slot.File.ReadOldest(Events, int.MaxValue);
        rows.Count(row => !row.IsSound).ShouldBe(1);
        rows[0].IsSound.ShouldBeFalse();
    }

    [Fact]
    public async Task Spool_of_the_first_form_is_read_on()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Spool)!);
        using (var connection = new SqliteConnection($"Data Source={Spool};Pooling=False"))
        {
            connection.Open();
            using var create = connection.CreateCommand();
            create.CommandText = """
                CREATE TABLE event (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL, appended_at INTEGER NOT NULL);
                CREATE TABLE quarantine (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL, reason TEXT NOT NULL, quarantined_at INTEGER NOT NULL);
                INSERT INTO event (body, appended_at) VALUES ($body, 1);
                PRAGMA user_version = 1;
                """;
            create.Parameters.AddWithValue("$body", SpoolJson.Write(TestOutbox.Completed()));
            create.ExecuteNonQuery();
        }

        using var outbox = TestOutbox.OpenAsItIs(_directory);
        await outbox.AppendAsync(1);

        outbox.ReadPending(10).Count.ShouldBe(3);
        outbox.Slot.File.ReadOldest(10, int.MaxValue).ShouldAllBe(row => row.IsSound);
    }

    public void Dispose()
    {
        _logging.Dispose();
        _logs.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static HashSet<Guid> Found(Outbox outbox) => [.. outbox.ReadPending(int.MaxValue).Select(ledgerEvent => ledgerEvent.EventId)];

    private Outbox Open() => TestOutbox.Open(_directory, logger: _logging.CreateLogger<Outbox>());

    private async Task<(HashSet<Guid> Written, long Last)> FillAsync()
    {
        using var outbox = Open();
        await outbox.AppendAsync(Events);
        return (Found(outbox), outbox.Slot.File.ReadOldest(Events, int.MaxValue)[^1].Sequence);
    }

    private void Overwrite(int offset, int length)
    {
        using var file = new FileStream(Spool, FileMode.Open);
        file.Length.ShouldBeGreaterThan(offset + length);
        file.Position = offset;
        file.Write(new byte[length]);
    }
}
