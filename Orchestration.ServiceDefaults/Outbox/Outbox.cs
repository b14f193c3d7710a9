using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>The durable outbox: an event that was appended reaches the ledger, whatever dies afterwards.</summary>
public sealed partial class Outbox : IDisposable
{
    private const int MaxEventBytes = 1024 * 1024;

    private static readonly TimeSpan DiskPause = TimeSpan.FromMilliseconds(250);

    private readonly int _limit;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly OutboxSlot _slot;
    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _claiming = new(1);
    private long _pending;
    private long _firstSequence;

    internal Outbox(OutboxOptions options, ServiceInfo service, TimeProvider timeProvider, ILogger<Outbox> logger)
    {
        _limit = options.MaxPendingEvents;
        _timeProvider = timeProvider;
        _logger = logger;
        _slot = OutboxSlot.ClaimFree(options, timeProvider, logger);
        _pending = _slot.File.CountEvents();
        Instance = NameOf(options, service, _slot.Number);
        ClaimIfThereIsRoom();
    }

    /// <summary>Name of this process's slot as it stands in the batches, "gateway-0".</summary>
    public string Instance { get; }

    /// <summary>
    /// Number of the <see cref="OutboxSlotTaken"/> with which this process took the slot, its first event; null while the disk has not
    /// taken it, and until then nothing else is appended either.
    /// </summary>
    public long? FirstSequence => Volatile.Read(ref _firstSequence) is > 0 and var sequence ? sequence : null;

    /// <summary>Events that the broker has not confirmed yet.</summary>
    public long Pending => Volatile.Read(ref _pending);

    internal OutboxSlot Slot => _slot;

    /// <summary>False from an append that the disk did not take until one that it did.</summary>
    internal bool IsWritable { get; private set; } = true;

    /// <summary>True while the last delivery of this process's own events failed.</summary>
    internal bool IsBrokerAway { get; set; }

    /// <summary>True from the limit on: work that would need new events is refused.</summary>
    internal bool IsFull => Pending >= _limit;

    /// <summary>Appends an event; completes when it is durable. Group-committed with its neighbours.</summary>
    /// <remarks>
    /// A cancellation after the event was handed over does not take it back. The limit refuses events that begin work
    /// (<see cref="RequestAdmitted"/>, <see cref="AttemptStarted"/>) and takes those that end it. So does a disk that cannot
    /// be written; there the end of work waits for the disk, so that no usage is lost while the process lives.
    /// </remarks>
    /// <exception cref="OutboxFullException">The spool has reached its limit: no new work may be admitted.</exception>
    public async ValueTask AppendAsync(LedgerEvent ledgerEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var beginsWork = ledgerEvent.Type is nameof(RequestAdmitted) or nameof(AttemptStarted);
        if (beginsWork && IsFull)
        {
            throw new OutboxFullException();
        }

        var body = SpoolJson.Write(ledgerEvent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxEventBytes, nameof(ledgerEvent));
        while (!await TryCommitAsync(body, demanded: beginsWork))
        {
            await Task.Delay(DiskPause, _timeProvider, cancellationToken);
        }

        _appended.Writer.TryWrite(true);
    }

    /// <summary>Number of the last event of the slot: every event that was durable before the call has this number or a smaller one.</summary>
    public async ValueTask<long> LastSequenceAsync()
    {
        var work = new LastNumberWork();
        await _slot.Writer.SubmitAsync(work);
        return work.Sequence;
    }

    /// <summary>The oldest undelivered events, for tests and tools.</summary>
    public IReadOnlyList<LedgerEvent> ReadPending(int max) =>
        [.. _slot.File.ReadOldest(max, int.MaxValue).Select(row => SpoolJson.Read(row.Body))];

    /// <summary>Commits what was appended and gives the slot up; what is undelivered stays on disk.</summary>
    public void Dispose()
    {
        _slot.Dispose();
        _claiming.Dispose();
    }

    internal static string NameOf(OutboxOptions options, ServiceInfo service, int slot) => string.Create(
        CultureInfo.InvariantCulture, $"{(options.Instance.Length > 0 ? options.Instance : service.Name)}-{slot}");

    /// <summary>The event that tells that a slot changed hands.</summary>
    internal static TurnoverWork Turnover(string instance, bool adopted, DateTimeOffset now) =>
        new(SpoolJson.Write(LedgerEvents.Wrap(new OutboxSlotTaken { Instance = instance, Adopted = adopted }, now)), adopted);

    internal void Delivered(int count) => Interlocked.Add(ref _pending, -count);

    internal TimeSpan OldestAge(DateTimeOffset now) =>
        _slot.File.OldestAppendedAt() is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero;

    /// <summary>Waits for the next append since the last wait.</summary>
    internal ValueTask<bool> WaitForAppendAsync(CancellationToken cancellationToken) =>
        _appended.Reader.ReadAsync(cancellationToken);

    // A full disk must not keep the process from starting, since its relay is what makes room.
    private void ClaimIfThereIsRoom()
    {
        try
        {
            ClaimAsync().GetAwaiter().GetResult();
        }
        catch (OutboxFullException exception)
        {
            IsWritable = false;
            Log.NotWritable(_logger, exception, Instance);
        }
        catch
        {
            _slot.Dispose();
            throw;
        }
    }

    // Before anything else of this process, so that its number parts this process from the one before.
    private async Task ClaimAsync()
    {
        if (FirstSequence is not null)
        {
            return;
        }

        await _claiming.WaitAsync();
        try
        {
            if (FirstSequence is null)
            {
                var turnover = Turnover(Instance, adopted: false, _timeProvider.GetUtcNow());
                await _slot.Writer.SubmitAsync(turnover);
                Interlocked.Increment(ref _pending);
                Volatile.Write(ref _firstSequence, turnover.Sequence);
                _appended.Writer.TryWrite(true);
            }
        }
        finally
        {
            _claiming.Release();
        }
    }

    private async ValueTask<bool> TryCommitAsync(byte[] body, bool demanded)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            await ClaimAsync();
            await _slot.Writer.SubmitAsync(new AppendWork(body));
            IsWritable = true;
            return true;
        }
        catch (Exception exception)
        {
            Interlocked.Decrement(ref _pending);
            if (exception is OutboxFullException && IsWritable)
            {
                IsWritable = false;
                Log.NotWritable(_logger, exception, Instance);
            }

            if (demanded || exception is not OutboxFullException)
            {
                throw;
            }

            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The event spool of {Instance} cannot be written; new work is refused until it can")]
        public static partial void NotWritable(ILogger logger, Exception exception, string instance);
    }
}
