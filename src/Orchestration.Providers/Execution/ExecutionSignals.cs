namespace Orchestration.Providers.Execution;

/// <summary>What may happen to a request from outside while it runs.</summary>
internal sealed class ExecutionSignals(CancellationToken shuttingDown) : IDisposable
{
    private readonly CancellationTokenSource _clientGone = new();

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken ClientGone => _clientGone.Token;

    /// <summary>Cancelled when the grace of a stopping process is over.</summary>
    public CancellationToken ShuttingDown => shuttingDown;

    public void TellClientGone()
    {
        try
        {
            _clientGone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended before its client did.
        }
    }

    public void Dispose() => _clientGone.Dispose();
}
