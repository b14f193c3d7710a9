using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// Writes batches that wait at the same time in one transaction: under load each commit carries many, without load none waits
/// for another.
/// </summary>
internal sealed class GatheredWriter(PatientWriter writer, TimeProvider timeProvider, IOptions<RecordingOptions> options) : IDisposable
{
    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly SemaphoreSlim _turns = new(options.Value.ConcurrentTransactions);

    /// <summary>False when the database is still away at the end of the hold time, which waiting for a turn is part of.</summary>
    public async Task<bool> TryWriteAsync(IReadOnlyList<SequencedEvent> events, CancellationToken cancellationToken)
    {
        var delivered = timeProvider.GetTimestamp();
        while (true)
        {
            var mine = new Waiting(events, delivered);
            _queue.Enqueue(mine);
            while (!mine.IsTaken)
                await TakeTurnAsync(mine, cancellationToken);
            if (await mine.Written.Task.WaitAsync(cancellationToken) is { } written)
                return written;
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task TakeTurnAsync(Waiting mine, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            if (!mine.IsTaken)
                await WriteWaitingAsync(cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        var taken = TakeWaiting();
        try
        {
            await WriteAsync(taken, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Only this turn's own message was given up; the others line up again.
            taken.ForEach(waiting => waiting.Written.TrySetResult(null));
            throw;
        }
    }

    private List<Waiting> TakeWaiting()
    {
        List<Waiting> taken = [];
        for (var events = 0; events < options.Value.TransactionEvents && _queue.TryDequeue(out var waiting); events += waiting.Events.Count)
        {
            waiting.IsTaken = true;
            taken.Add(waiting);
        }

        return taken;
    }

    private async Task WriteAsync(List<Waiting> batches, CancellationToken cancellationToken)
    {
        try
        {
            var written = await writer.TryWriteAsync(
                [.. batches.SelectMany(batch => batch.Events)], batches.Min(batch => batch.Delivered), cancellationToken);
            batches.ForEach(batch => batch.Written.TrySetResult(written));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (batches is [var only])
            {
                only.Written.TrySetException(exception);
                return;
            }

            // What nobody thought of is the fault of one batch; those that came along with it by chance are written without it.
            foreach (var batch in batches)
                await WriteAsync([batch], cancellationToken);
        }
    }

    private sealed class Waiting(IReadOnlyList<SequencedEvent> events, long delivered)
    {
        private volatile bool _isTaken;

        public IReadOnlyList<SequencedEvent> Events { get; } = events;

        public long Delivered { get; } = delivered;

        public bool IsTaken
        {
            get => _isTaken;
            set => _isTaken = value;
        }

        /// <summary>Null when the batch has to line up again.</summary>
        public TaskCompletionSource<bool?> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
