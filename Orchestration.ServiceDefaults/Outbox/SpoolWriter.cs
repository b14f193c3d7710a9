using Microsoft.Data.Sqlite;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>One thread that writes the spool file: all that waits goes into one transaction (group commit).</summary>
/// <remarks>A thread of its own, because a checkpoint may wait for the disk, which must not hold a thread of the pool.</remarks>
internal sealed class SpoolWriter : IDisposable
{
    private const int MaxGroup = 1_024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SpoolFile _file;
    private readonly TimeProvider _timeProvider;
    private readonly Thread _thread;
    private Queue<SpoolWork> _waiting = new();
    private bool _stopped;

    public SpoolWriter(SpoolFile file, TimeProvider timeProvider, string name)
    {
        _file = file;
        _timeProvider = timeProvider;
        _thread = new Thread(Run) { IsBackground = true, Name = $"outbox {name}" };
        _thread.Start();
    }

    /// <summary>Completes when the work is committed.</summary>
    public Task SubmitAsync(SpoolWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _waiting.Enqueue(work);
            if (_waiting.Count == 1)
            {
                _wake.Release();
            }
        }

        return work.Committed.Task;
    }

    /// <summary>Commits what was submitted and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
        }

        _wake.Release();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        var taken = new Queue<SpoolWork>();
        while (true)
        {
            _wake.Wait();
            bool last;
            lock (_gate)
            {
                (_waiting, taken) = (taken, _waiting);
                last = _stopped;
            }

            while (taken.Count > 0)
            {
                CommitGroup(taken);
            }

            if (last)
            {
                return;
            }
        }
    }

    private void CommitGroup(Queue<SpoolWork> taken)
    {
        var group = new List<SpoolWork>(Math.Min(taken.Count, MaxGroup));
        while (group.Count < MaxGroup && taken.TryDequeue(out var work))
        {
            group.Add(work);
        }

        Commit(group);
    }

    private void Commit(List<SpoolWork> group)
    {
        try
        {
            Apply(group);
        }
        catch (SqliteException) when (group.Exists(work => work.MakesRoom) && !group.TrueForAll(work => work.MakesRoom))
        {
            // On a full disk, what makes room must not fail together with what needs it.
            Commit(group.FindAll(work => work.MakesRoom));
            Commit(group.FindAll(work => !work.MakesRoom));
            return;
        }
        catch (Exception exception)
        {
            var told = exception is SqliteException ? new OutboxFullException(exception) : exception;
            group.ForEach(work => work.Committed.TrySetException(told));
            return;
        }

        group.ForEach(work => work.Committed.TrySetResult());
    }

    private void Apply(List<SpoolWork> group)
    {
        var now = _timeProvider.GetUtcNow();
        _file.Begin();
        try
        {
            foreach (var work in group)
            {
                work.Apply(_file, now);
            }

            _file.Commit();
        }
        catch
        {
            _file.TryRollback();
            throw;
        }
    }
}
