using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Messages;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>The durable outbox: an event that was appended reaches the ledger, whatever dies afterwards.</summary>
public sealed class Outbox : IDisposable
{
    private const int MaxEventBytes = 1024 * 1024;

    private readonly int _limit;
    private readonly OutboxSlot _slot;
    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _pending;

    internal Outbox(OutboxOptions options, ServiceInfo service, TimeProvider timeProvider, ILogger<Outbox> logger)
    {
        _limit = options.MaxPendingEvents;
        _slot = OutboxSlot.ClaimFree(options.Directory, timeProvider, logger);
        _pending = _slot.File.CountEvents();
        Instance = NameOf(options, service, _slot.Number);
    }

    /// <summary>Name of this process's slot as it stands in the batches, "gateway-0".</summary>
    public string Instance { get; }

    /// <summary>Events that the broker has not confirmed yet.</summary>
    public long Pending => Volatile.Read(ref _pending);

    internal OutboxSlot Slot => _slot;

    /// <summary>True from the limit on: work that would need new events is refused.</summary>
    internal bool IsFull => Pending >= _limit;

    /// <summary>Appends an event; completes when it is durable. Group-committed with its neighbours.</summary>
    /// <remarks>
    /// A cancellation after the event was handed over does not take it back. The limit refuses events that begin work
    /// (<see cref="RequestAdmitted"/>, <see cref="AttemptStarted"/>) and takes those that end it, so that nothing is lost.
    /// </remarks>
    /// <exception cref="OutboxFullException">The spool has reached its limit: no new work may be admitted.</exception>
    public async ValueTask AppendAsync(LedgerEvent ledgerEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsFull && ledgerEvent.Type is nameof(RequestAdmitted) or nameof(AttemptStarted))
        {
            throw new OutboxFullException();
        }

        var body = SpoolJson.Write(ledgerEvent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxEventBytes, nameof(ledgerEvent));
        Interlocked.Increment(ref _pending);
        try
        {
            await _slot.Writer.SubmitAsync(new AppendWork(body));
        }
        catch
        {
            Interlocked.Decrement(ref _pending);
            throw;
        }

        _appended.Writer.TryWrite(true);
    }

    /// <summary>The oldest undelivered events, for tests and tools.</summary>
    public IReadOnlyList<LedgerEvent> ReadPending(int max) =>
        [.. _slot.File.ReadOldest(max, int.MaxValue).Select(row => SpoolJson.Read(row.Body))];

    /// <summary>Commits what was appended and gives the slot up; what is undelivered stays on disk.</summary>
    public void Dispose() => _slot.Dispose();

    internal static string NameOf(OutboxOptions options, ServiceInfo service, int slot) => string.Create(
        CultureInfo.InvariantCulture, $"{(options.Instance.Length > 0 ? options.Instance : service.Name)}-{slot}");

    internal void Delivered(int count) => Interlocked.Add(ref _pending, -count);

    internal TimeSpan OldestAge(DateTimeOffset now) =>
        _slot.File.OldestAppendedAt() is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero;

    /// <summary>Waits for the next append since the last wait.</summary>
    internal ValueTask<bool> WaitForAppendAsync(CancellationToken cancellationToken) =>
        _appended.Reader.ReadAsync(cancellationToken);
}
