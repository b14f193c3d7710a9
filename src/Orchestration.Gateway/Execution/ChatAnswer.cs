using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Grounding;

namespace Orchestration.Gateway.Execution;

/// <summary>
/// Where the events of an answer go: an HTTP stream, an HTTP body, a gRPC stream, a gRPC message. The execution outlives it: after
/// <see cref="DetachAsync"/> the client's connection is never touched again.
/// </summary>
internal abstract class ChatAnswer : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once the client has left or can no longer be written to.</summary>
    public bool IsDetached { get; private set; }

    /// <summary>A defect met while writing; the execution goes on without this answer.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Tells at the end what the answer rests on; null where that was not asked for.</summary>
    public Citations? Citations { private get; set; }

    /// <summary>Completes when there is a <see cref="Fault"/>.</summary>
    public Task Faulted => _faulted.Task;

    public async ValueTask AddAsync(ChatEvent chatEvent)
    {
        await _gate.WaitAsync();
        try
        {
            if (IsDetached)
                return;
            if (Citations?.Before(chatEvent) is { } grounded)
                await WriteAsync(grounded);
            await WriteAsync(chatEvent);
        }
        catch (Exception exception)
        {
            Lose(exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sends what was written so far; called when no further event is at hand.</summary>
    public async ValueTask FlushAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!IsDetached)
                await SendAsync();
        }
        catch (Exception exception)
        {
            Lose(exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns when nothing is being written and nothing will be.</summary>
    public async ValueTask DetachAsync()
    {
        await _gate.WaitAsync();
        IsDetached = true;
        _gate.Release();
    }

    /// <summary>Cuts the connection of a client that reads too slowly; a write that waits for it ends.</summary>
    public virtual void Abort()
    {
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected abstract ValueTask WriteAsync(ChatEvent chatEvent);

    protected abstract ValueTask SendAsync();

    /// <summary>Runs work between two events unless one is being written just now.</summary>
    protected async ValueTask TryBetweenEventsAsync(Func<ValueTask> work)
    {
        if (!await _gate.WaitAsync(0))
            return;
        try
        {
            if (!IsDetached)
                await work();
        }
        catch (Exception exception)
        {
            Lose(exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Lose(Exception exception)
    {
        IsDetached = true;
        if (exception is OperationCanceledException or IOException)
            return;
        Fault = exception;
        _faulted.TrySetResult();
    }
}
