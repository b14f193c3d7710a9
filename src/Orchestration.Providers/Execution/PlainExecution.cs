using System.Diagnostics;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Credentials.Pools;

namespace Orchestration.Providers.Execution;

/// <summary>Runs requests that are answered as a whole, with the first candidate that answers.</summary>
internal sealed partial class PlainExecution(
    CandidateChains chains,
    AttemptRunner runner,
    KeyPools keys,
    ExecutionRegistry registry,
    TimeProvider time,
    ILogger<PlainExecution> logger)
{
    public CandidateChains Chains => chains;

    public AttemptRunner Runner => runner;

    public KeyPools Keys => keys;

    public TimeProvider Time => time;

    /// <summary>Runs a request as work of the process; null once the process is stopping.</summary>
    /// <param name="order">Who pays and how far it may go.</param>
    /// <param name="request">The request.</param>
    /// <param name="trace">The trace of the request.</param>
    /// <param name="clientGone">Cancelled when nobody reads the answer any more: no further call begins, and those under way are metered.</param>
    /// <param name="cancellationToken">Ends the wait, when the caller cannot be told any more.</param>
    public async Task<PlainOutcome<TAnswer>?> RunAsync<TAnswer>(
        ExecutionOrder order,
        PlainRequest<TAnswer> request,
        ActivityContext trace,
        CancellationToken clientGone,
        CancellationToken cancellationToken) where TAnswer : class
    {
        var signals = new ExecutionSignals(registry.ShuttingDown);
        var outcome = new TaskCompletionSource<PlainOutcome<TAnswer>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = new PlainRun<TAnswer>(order, request, this, signals, trace);
        if (!registry.TryRun(() => CompleteAsync(order, request, run, signals, outcome))) return null;
        await using var gone = clientGone.Register(signals.TellClientGone);
        return await outcome.Task.WaitAsync(cancellationToken);
    }

    private async Task CompleteAsync<TAnswer>(
        ExecutionOrder order,
        PlainRequest<TAnswer> request,
        PlainRun<TAnswer> run,
        ExecutionSignals signals,
        TaskCompletionSource<PlainOutcome<TAnswer>> outcome) where TAnswer : class
    {
        TAnswer? answer = null;
        Failure? failure = null;
        try
        {
            (answer, failure) = await run.AnswerAsync();
        }
        catch (Exception exception)
        {
            Log.Defect(logger, order.RequestId, exception);
        }

        await run.History.RecordedAsync();
        signals.Dispose();
        var summary = run.History.ToSummary();
        if (answer is null)
        {
            outcome.SetResult(new PlainOutcome<TAnswer>.Failed(ExecutionFailures.Shown(failure ?? ExecutionFailures.Internal()), summary));
            return;
        }

        request.Seal(answer, order.RequestId, summary);
        outcome.SetResult(new PlainOutcome<TAnswer>.Answered(answer));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Request {RequestId} ended by a defect")]
        public static partial void Defect(ILogger logger, Guid requestId, Exception exception);
    }
}
