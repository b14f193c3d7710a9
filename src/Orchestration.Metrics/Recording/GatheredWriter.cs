using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// Writes batches that wait at the same time in one transaction: under load each commit carries many, without load none waits
/// for another.
/// </summary>
internal sealed class GatheredWriter(PatientWriter writer, IOptions<RecordingOptions> options) : IDisposable
{
    private readonly ConcurrentQueue<Waiting> _queue = new();
    private readonly SemaphoreSlim _turns = new(options.Value.ConcurrentTransactions);

    /// <summary>False when the database stayed away for the whole hold time.</summary>
    public async Task<bool> TryWriteAsync(IReadOnlyList<SequencedEvent> events, CancellationToken cancellationToken)
    {
        while (true)
        {
            var mine = new Waiting(events);
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
        List<Waiting> taken = [];
        List<SequencedEvent> events = [];
        while (events.Count < options.Value.TransactionEvents && _queue.TryDequeue(out var waiting))
        {
            waiting.IsTaken = true;
            taken.Add(waiting);
            events.AddRange(waiting.Events);
        }

        try
        {
            var written = await writer.TryWriteAsync(events, cancellationToken);
            taken.ForEach(waiting => waiting.Written.TrySetResult(written));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Only this turn's own message was given up; the others line up again.
            taken.ForEach(waiting => waiting.Written.TrySetResult(null));
            throw;
        }
        catch (Exception exception)
        {
            taken.ForEach(waiting => waiting.Written.TrySetException(exception));
        }
    }

    private sealed class Waiting(IReadOnlyList<SequencedEvent> events)
    {
        private volatile bool _isTaken;

        public IReadOnlyList<SequencedEvent> Events { get; } = events;

        public bool IsTaken
        {
            get => _isTaken;
            set => _isTaken = value;
        }

        /// <summary>Null when the batch has to line up again.</summary>
        public TaskCompletionSource<bool?> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
