using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Providers.Execution;

/// <summary>One plain request on its way through the candidates.</summary>
/// <remarks>Every call is an attempt with rows of its own in the ledger, so that what is billed stands there exactly once.</remarks>
internal sealed class PlainRun<TAnswer>(
    ExecutionOrder order,
    PlainRequest<TAnswer> request,
    PlainExecution parts,
    ExecutionSignals signals,
    ActivityContext trace) where TAnswer : class
{
    private readonly SpendingLimit _spending = new(order.Dimensions.Currency, order.Ceiling);
    private readonly long _deadline = AttemptClock.Add(parts.Time, parts.Time.GetTimestamp(), order.Limits.Total);
    private int _ordinal = -1;

    public AttemptHistory History { get; } = new(order.Dimensions.Currency);

    public async Task<(TAnswer? Answer, Failure? Failure)> AnswerAsync()
    {
        using var chain = parts.Chains.Begin(order, _spending, maxOutputTokens: 0);
        while (await chain.NextAsync(signals.ClientGone) is { } candidate)
        {
            if (Interrupted() is { } left) return (null, left);
            var asked = request.CallsFor(candidate);
            if (asked is not PlainCalls.Ready calls)
            {
                chain.Unusable(((PlainCalls.Unusable)asked).Failure);
                continue;
            }

            var made = await MakeAsync(candidate, calls);
            if (made.Find(m => m.Result is AttemptResult.NotStarted) is not null) return (null, ExecutionFailures.LedgerFull());
            var failed = made.Find(m => m.Ended?.Failure is not null)?.Ended;
            if (failed is null && made.Count == calls.Calls.Count && request.Answer(Started(candidate, made)) is { } answer)
            {
                chain.Succeeded(candidate);
                return (answer, null);
            }

            if (Interrupted() is { } interrupted) return (null, interrupted);
            var failure = failed?.Failure ?? ExecutionFailures.Protocol("The provider's answers do not fit together.");
            await WaitAsync(chain.Failed(candidate, failure, failed?.ConnectionLost ?? false));
        }

        return (null, chain.Failure());
    }

    /// <summary>Makes the calls, some at a time; after a failure no other begins, but those under way end.</summary>
    private async Task<List<Made>> MakeAsync(PreparedCandidate candidate, PlainCalls.Ready calls)
    {
        var made = new List<Made>(calls.Calls.Count);
        var stop = false;
        var options = new ParallelOptions { MaxDegreeOfParallelism = calls.Parallel };
        await Parallel.ForEachAsync(calls.Calls, options, async (call, _) =>
        {
            if (Volatile.Read(ref stop) || Interrupted() is not null) return;
            var work = NewWork(candidate, calls.Path, call);
            var result = await parts.Runner.RunAsync(work, call.Reader, signals, static () => { });
            if (result is not AttemptResult.Ended { Failure: null }) Volatile.Write(ref stop, true);
            lock (made) made.Add(new Made(work, call, result));
        });

        made.Sort((left, right) => left.Work.Ordinal.CompareTo(right.Work.Ordinal));
        foreach (var one in made)
        {
            if (one.Ended is not { } ended) continue;
            History.Add(ended);
            _spending.Add(ended.Billed);
            if (ended.Failure is null) request.Keep(one.Call, ended.Summary.Usage);
        }

        return made;
    }

    private AttemptWork NewWork(PreparedCandidate candidate, string path, PlainCall call) => new()
    {
        Id = Guid.CreateVersion7(parts.Time.GetUtcNow()),
        Ordinal = Interlocked.Increment(ref _ordinal),
        Order = order,
        Candidate = candidate,
        Path = path,
        Body = call.Body,
        Streamed = false,
        Operation = request.Operation,
        TotalDeadline = _deadline,
        Trace = trace,
    };

    private ResponseStarted Started(PreparedCandidate candidate, List<Made> made)
    {
        var (deployment, last) = (candidate.Deployment, made[^1]);
        var (model, id) = last.Call.Reader.Reported;
        return new ResponseStarted
        {
            AttemptId = last.Work.Id.ToString("D"),
            Deployment = deployment.Id,
            Provider = deployment.Provider,
            Model = deployment.Model,
            ReportedModel = model,
            ProviderResponseId = id,
            Route = order.Plan.Route,
            Simulated = deployment.Simulated,
            Warnings = { order.Plan.Warnings, last.Call.Warnings },
        };
    }

    private Failure? Interrupted() =>
        signals.ClientGone.IsCancellationRequested ? ExecutionFailures.ClientGone()
        : signals.ShuttingDown.IsCancellationRequested ? ExecutionFailures.ShuttingDown()
        : parts.Time.GetTimestamp() >= _deadline ? StopReason.TotalDeadline.ToFailure()
        : null;

    private async Task WaitAsync(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, parts.Time, signals.ShuttingDown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed record Made(AttemptWork Work, PlainCall Call, AttemptResult Result)
    {
        public AttemptResult.Ended? Ended => Result as AttemptResult.Ended;
    }
}
