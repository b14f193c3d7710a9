using System.Runtime.InteropServices;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The wish to stop, from a signal, from the caller, or because <c>dotnet run</c> is gone; asked twice it means at once.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly ConsoleLog _console;

    private StopRequest(ConsoleLog console, CancellationToken cancellationToken)
    {
        _console = console;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Hurry => _hurry.Token;

    public static StopRequest Listen(ConsoleLog console, CancellationToken cancellationToken)
    {
        var request = new StopRequest(console, cancellationToken);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
            request._signals.Add(PosixSignalRegistration.Create(signal, request.OnSignal));
        ParentWatch.Begin(() => request.Ask("dotnet run has ended"), request.Stop);
        return request;
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stop.Cancel();
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Ask(context.Signal.ToString());
    }

    private void Ask(string reason)
    {
        if (_stop.IsCancellationRequested)
        {
            _console.Host($"{reason} again: killing what is left.");
            _hurry.Cancel();
            return;
        }
        _console.Host($"Stopping ({reason}). Once more to kill at once.");
        _stop.Cancel();
    }
}
