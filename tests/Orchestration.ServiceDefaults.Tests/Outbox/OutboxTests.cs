using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

using Outbox = Orchestration.ServiceDefaults.Outbox.Outbox;

public sealed class OutboxTests : IDisposable
{
    private readonly string _directory = TestOutbox.NewDirectory();

    [Fact]
    public async Task Killed_process_has_lost_no_event_that_it_was_told_is_durable()
    {
        var acknowledged = new HashSet<Guid>();
        using (var process = StartProbe())
        {
            while (acknowledged.Count < 2_000)
            {
                acknowledged.Add(Guid.Parse((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!));
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: 36 } line)
            {
                acknowledged.Add(Guid.Parse(line));
            }
        }

        using var outbox = TestOutbox.Open(_directory);

        outbox.Instance.ShouldBe("probe-0");
        var found = outbox.ReadPending(int.MaxValue).Select(ledgerEvent => ledgerEvent.EventId).ToHashSet();
        acknowledged.Except(found).ShouldBeEmpty();
        outbox.Pending.ShouldBe(found.Count);
    }

    [Fact]
    public async Task Event_comes_back_as_it_was_appended()
    {
        var ledgerEvent = TestOutbox.Completed() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        using var outbox = TestOutbox.Open(_directory);

        await outbox.AppendAsync(ledgerEvent, TestContext.Current.CancellationToken);

        outbox.ReadPending(10).ShouldBe([ledgerEvent]);
    }

    [Fact]
    public async Task Numbers_grow_by_one_and_do_not_return_after_a_restart()
    {
        long last;
        using (var outbox = TestOutbox.Open(_directory))
        {
            await outbox.AppendAsync(3);
            var rows = outbox.Slot.File.ReadOldest(10, int.MaxValue);
            rows.Select(row => row.Sequence - rows[0].Sequence).ShouldBe([0, 1, 2]);
            last = rows[2].Sequence;
            await outbox.Slot.Writer.SubmitAsync(new RemoveWork(rows[0].Sequence, last));
        }

        using var again = TestOutbox.Open(_directory);
        again.Pending.ShouldBe(0);
        await again.AppendAsync(1);

        again.FirstSequence.ShouldBe(last + 1);
        again.Slot.File.ReadOldest(10, int.MaxValue).Single().Sequence.ShouldBe(last + 2);
    }

    [Fact]
    public async Task Numbers_do_not_return_after_the_file_was_lost()
    {
        long last;
        using (var outbox = TestOutbox.Open(_directory))
        {
            await outbox.AppendAsync(3);
            last = outbox.Slot.File.ReadOldest(10, int.MaxValue)[^1].Sequence;
        }

        Directory.Delete(_directory, recursive: true);
        using var again = TestOutbox.Open(_directory);
        await again.AppendAsync(1);

        again.Slot.File.ReadOldest(10, int.MaxValue).Single().Sequence.ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task Appends_at_once_are_all_durable_under_distinct_numbers()
    {
        using var outbox = TestOutbox.Open(_directory);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => outbox.AppendAsync(200), TestContext.Current.CancellationToken)));

        outbox.ReadPending(int.MaxValue).DistinctBy(ledgerEvent => ledgerEvent.EventId).Count().ShouldBe(3_200);
    }

    [Fact]
    public async Task Full_spool_refuses_new_work_and_takes_the_end_of_admitted_work()
    {
        using var outbox = TestOutbox.Open(_directory, limit: 2);
        await outbox.AppendAsync(TestOutbox.Admitted(), TestContext.Current.CancellationToken);
        await outbox.AppendAsync(TestOutbox.Admitted(), TestContext.Current.CancellationToken);

        await Should.ThrowAsync<OutboxFullException>(
            async () => await outbox.AppendAsync(TestOutbox.Admitted(), TestContext.Current.CancellationToken));
        await outbox.AppendAsync(TestOutbox.Completed(), TestContext.Current.CancellationToken);

        outbox.Pending.ShouldBe(3);
        outbox.ReadPending(10).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Full_spool_takes_new_work_again_once_it_is_drained()
    {
        using var outbox = TestOutbox.Open(_directory, limit: 2);
        await outbox.AppendAsync(2);
        await Should.ThrowAsync<OutboxFullException>(
            async () => await outbox.AppendAsync(TestOutbox.Admitted(), TestContext.Current.CancellationToken));

        var oldest = outbox.Slot.File.ReadOldest(1, int.MaxValue)[0].Sequence;
        await outbox.Slot.Writer.SubmitAsync(new RemoveWork(oldest, oldest));
        outbox.Delivered(1);
        await outbox.AppendAsync(TestOutbox.Admitted(), TestContext.Current.CancellationToken);

        outbox.ReadPending(10).Count.ShouldBe(2);
    }

    [Fact]
    public async Task D39_clock_that_jumps_makes_no_negative_age_and_no_number_anew()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        using var outbox = TestOutbox.Open(_directory, clock: clock);
        await outbox.AppendAsync(1);
        clock.AdjustTime(clock.GetUtcNow() - TimeSpan.FromHours(1));
        await outbox.AppendAsync(1);
        outbox.OldestAge(clock.GetUtcNow()).ShouldBe(TimeSpan.Zero);

        clock.AdjustTime(clock.GetUtcNow() + TimeSpan.FromDays(3_650));
        await outbox.AppendAsync(1);

        outbox.Slot.File.ReadOldest(10, int.MaxValue).Select(row => row.Sequence).ShouldBeInOrder(SortDirection.Ascending);
        outbox.OldestAge(clock.GetUtcNow()).ShouldBeGreaterThan(TimeSpan.FromDays(3_649));
    }

    [Fact]
    public async Task Processes_beside_each_other_hold_slots_of_their_own_and_free_them()
    {
        using var first = TestOutbox.Open(_directory);
        using (var second = TestOutbox.Open(_directory))
        {
            (first.Instance, second.Instance).ShouldBe(("probe-0", "probe-1"));
            await second.AppendAsync(1);
        }

        using var third = TestOutbox.Open(_directory);
        third.Instance.ShouldBe("probe-1");
        third.Pending.ShouldBe(1);
    }

    [Fact]
    public async Task Full_disk_refuses_new_work_and_the_end_of_admitted_work_waits_for_room()
    {
        using var outbox = TestOutbox.Open(_directory, maxFileBytes: 1_048_576);
        var fill = TestOutbox.Admitted() with { Payload = new string('x', 100_000) };
        await Should.ThrowAsync<OutboxFullException>(async () =>
        {
            while (true)
            {
                await outbox.AppendAsync(fill, TestContext.Current.CancellationToken);
            }
        });
        var held = outbox.Pending;

        var end = outbox.AppendAsync(fill with { Type = "AttemptCompleted" }, TestContext.Current.CancellationToken).AsTask();
        await Task.WhenAny(end, Task.Delay(500, TestContext.Current.CancellationToken));
        end.IsCompleted.ShouldBeFalse();
        var oldest = outbox.Slot.File.ReadOldest(5, int.MaxValue);
        await outbox.Slot.Writer.SubmitAsync(new RemoveWork(oldest[0].Sequence, oldest[^1].Sequence));
        await end.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        outbox.Slot.File.CountEvents().ShouldBe(held - 5 + 1);
    }

    [Fact]
    public async Task Event_of_unbounded_size_is_refused_alone()
    {
        using var outbox = TestOutbox.Open(_directory);

        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await outbox.AppendAsync(
            TestOutbox.Completed() with { Payload = new string('x', 2_000_000) }, TestContext.Current.CancellationToken));
        await outbox.AppendAsync(1);

        outbox.Pending.ShouldBe(1);
    }

    [Fact]
    public async Task Process_tells_first_that_it_took_the_slot_and_knows_that_number()
    {
        using var outbox = TestOutbox.OpenAsItIs(_directory);
        await outbox.AppendAsync(1);

        var rows = outbox.Slot.File.ReadOldest(10, int.MaxValue);
        outbox.FirstSequence.ShouldBe(rows[0].Sequence);
        outbox.Pending.ShouldBe(2);
        LedgerEvents.Unwrap<OutboxSlotTaken>(SpoolJson.Read(rows[0].Body)).ShouldBe(new OutboxSlotTaken { Instance = "probe-0", Adopted = false });
    }

    [Fact]
    public async Task Process_that_finds_a_full_disk_tells_of_itself_once_there_is_room_and_before_anything_else()
    {
        using (var before = TestOutbox.Open(_directory, maxFileBytes: 1_048_576))
        {
            await Should.ThrowAsync<OutboxFullException>(async () => await FillAsync(before, 100_000));
            await Should.ThrowAsync<OutboxFullException>(async () => await FillAsync(before, 10));
        }

        using var outbox = TestOutbox.OpenAsItIs(_directory, maxFileBytes: 1_048_576);
        outbox.FirstSequence.ShouldBeNull();
        var held = outbox.Pending;
        var oldest = outbox.Slot.File.ReadOldest(5, int.MaxValue);
        await outbox.Slot.Writer.SubmitAsync(new RemoveWork(oldest[0].Sequence, oldest[^1].Sequence));
        outbox.Delivered(oldest.Count);
        await Task.WhenAll(outbox.AppendAsync(3), outbox.AppendAsync(3));

        outbox.Pending.ShouldBe(held - oldest.Count + 7);
        var added = outbox.Slot.File.ReadOldest(int.MaxValue, int.MaxValue).TakeLast(7).ToList();
        added[0].Sequence.ShouldBe(outbox.FirstSequence!.Value);
        added.Select(row => SpoolJson.Read(row.Body).Type).ShouldBe([nameof(OutboxSlotTaken), .. Enumerable.Repeat(nameof(AttemptCompleted), 6)]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task FillAsync(Outbox outbox, int size)
    {
        var fill = TestOutbox.Admitted() with { Payload = new string('x', size) };
        while (true)
        {
            await outbox.AppendAsync(fill, TestContext.Current.CancellationToken);
        }
    }

    private Process StartProbe()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(OutboxTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[OutboxProbe.Variable] = _directory;
        return Process.Start(start)!;
    }
}
