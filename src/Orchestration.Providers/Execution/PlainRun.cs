using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Money = Orchestration.Pricing.Money;

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
    private readonly HashSet<string> _failedKeys = new(StringComparer.Ordinal);
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

            if (TooDear(candidate))
            {
                chain.Unusable(ExecutionFailures.CostCeiling());
                continue;
            }

            // A key that the chain hands out again may be used again.
            _failedKeys.Remove(candidate.Key.KeyId);
            var lanes = new PlainLanes(candidate, calls.Calls, parts.Keys, _failedKeys, parts.Time);
            var made = await MakeAsync(lanes, calls);
            if (made.Find(m => m.Result is AttemptResult.NotStarted) is not null) return (null, ExecutionFailures.LedgerFull());
            var failed = made.Find(m => m.Ended?.Failure is not null);
            if (failed is null && made.Count == calls.Calls.Count && request.Answer(Started(candidate, made)) is { } answer)
            {
                chain.Succeeded(candidate);
                return (answer, null);
            }

            if (Interrupted() is { } interrupted) return (null, interrupted);
            var failure = failed?.Ended?.Failure ?? lanes.Refused ?? ExecutionFailures.Protocol("The provider's answers do not fit together.");
            var asker = failed?.Work.Candidate ?? candidate;
            if (failed is not null) _failedKeys.Add(asker.Key.KeyId);
            await WaitAsync(chain.Failed(asker, failure, failed?.Ended?.ConnectionLost ?? false));
        }

        return (null, chain.Failure());
    }

    private async Task<List<Made>> MakeAsync(PlainLanes lanes, PlainCalls.Ready calls)
    {
        var made = new List<Made>(calls.Calls.Count);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(signals.ClientGone, signals.ShuttingDown);
        try
        {
            await lanes.RunAsync(
                calls.Parallel,
                async (candidate, call) =>
                {
                    if (Interrupted() is not null) return false;
                    var work = NewWork(candidate, calls, call);
                    var result = await parts.Runner.RunAsync(work, call.Reader, signals, static () => { });
                    lock (made) made.Add(new Made(work, call, result));
                    return result is AttemptResult.Ended { Failure: null };
                },
                interrupted.Token);
        }
        finally
        {
            // Also beside a defect: what the other calls cost belongs to the request.
            Book(made);
        }

        foreach (var one in made)
            if (one.Ended is { Failure: null } answered)
                request.Keep(one.Call, answered.Summary.Usage);
        Remember();
        return made;
    }

    private void Book(List<Made> made)
    {
        made.Sort((left, right) => left.Work.Ordinal.CompareTo(right.Work.Ordinal));
        foreach (var one in made)
        {
            if (one.Ended is not { } ended) continue;
            History.Add(ended);
            _spending.Add(ended.Billed);
        }
    }

    // The chain has judged by what remained for the last candidate; this one may have to make more.
    private bool TooDear(PreparedCandidate candidate)
    {
        var before = _spending.Remaining;
        Remember();
        return _spending.IsLimited && _spending.Remaining > before && !_spending.Allows(candidate.WorstCase(order.EstimatedInputTokens, outputTokens: 0));
    }

    private void Remember()
    {
        if (_spending.IsLimited) _spending.Remaining = request.Remaining;
    }

    private AttemptWork NewWork(PreparedCandidate candidate, PlainCalls.Ready calls, PlainCall call) => new()
    {
        Id = Guid.CreateVersion7(parts.Time.GetUtcNow()),
        Ordinal = Interlocked.Increment(ref _ordinal),
        Order = order,
        Candidate = candidate,
        Path = calls.Path,
        Body = call.Body,
        Streamed = false,
        Operation = request.Operation,
        TotalDeadline = _deadline,
        WorstCase = WorstCaseOf(call, calls.Calls, candidate.WorstCase(order.EstimatedInputTokens, outputTokens: 0)),
        Trace = trace,
    };

    // The worst case of a candidate is that of the whole request; what a call can cost goes by how much of it the call carries.
    private static Money WorstCaseOf(PlainCall call, IReadOnlyList<PlainCall> all, Money whole)
    {
        var bytes = all.Sum(c => (long)c.Body.Length);
        return all.Count < 2 || bytes == 0 ? whole : new Money(whole.Amount * call.Body.Length / bytes, whole.Currency);
    }

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
