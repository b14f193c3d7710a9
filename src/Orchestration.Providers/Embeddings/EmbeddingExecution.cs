using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Embeddings;

/// <summary>Embeds texts with the first candidate that answers.</summary>
internal sealed partial class EmbeddingExecution(
    CandidateChains chains,
    AttemptRunner runner,
    ExecutionRegistry registry,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<EmbeddingExecution> logger)
{
    /// <summary>Runs a request as work of the process; null once the process is stopping.</summary>
    /// <param name="order">Who pays and how far it may go.</param>
    /// <param name="request">The texts.</param>
    /// <param name="trace">The trace of the request.</param>
    /// <param name="cancellationToken">Cancelled when the caller leaves; the attempts are metered all the same.</param>
    public async Task<EmbeddingOutcome?> RunAsync(
        ExecutionOrder order,
        EmbeddingsRequest request,
        ActivityContext trace,
        CancellationToken cancellationToken)
    {
        var signals = new ExecutionSignals(registry.ShuttingDown);
        var outcome = new TaskCompletionSource<EmbeddingOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!registry.TryRun(() => CompleteAsync(order, request, trace, signals, outcome))) return null;
        await using var gone = cancellationToken.Register(signals.TellClientGone);
        return await outcome.Task.WaitAsync(cancellationToken);
    }

    private async Task CompleteAsync(
        ExecutionOrder order,
        EmbeddingsRequest request,
        ActivityContext trace,
        ExecutionSignals signals,
        TaskCompletionSource<EmbeddingOutcome> outcome)
    {
        var history = new AttemptHistory(order.Dimensions.Currency);
        Answer answer;
        try
        {
            answer = await AnswerAsync(order, request, trace, signals, history);
        }
        catch (Exception exception)
        {
            Log.Defect(logger, order.RequestId, exception);
            answer = new Answer(null, ExecutionFailures.Internal());
        }

        await history.RecordedAsync();
        signals.Dispose();
        var summary = history.ToSummary();
        if (answer.Response is { } response)
        {
            response.RequestId = order.RequestId.ToString("D");
            response.Summary = summary;
            outcome.SetResult(new EmbeddingOutcome.Embedded(response));
            return;
        }

        outcome.SetResult(new EmbeddingOutcome.Failed(ExecutionFailures.Shown(answer.Failure ?? ExecutionFailures.Internal()), summary));
    }

    private async Task<Answer> AnswerAsync(
        ExecutionOrder order,
        EmbeddingsRequest request,
        ActivityContext trace,
        ExecutionSignals signals,
        AttemptHistory history)
    {
        var spending = new SpendingLimit(order.Dimensions.Currency, order.Ceiling);
        var deadline = AttemptClock.Add(time, time.GetTimestamp(), order.Limits.Total);
        using var chain = chains.Begin(order, spending, maxOutputTokens: 0);
        while (chain.Next() is { } candidate)
        {
            var encoded = OpenAIEmbeddingsRequestEncoder.Encode(request, candidate.Deployment.UpstreamModel, candidate.Profile.Embeddings.Base64);
            var reader = new EmbeddingAnswerReader(request, order, candidate, options.Value.MaxBodyBytes);
            var work = NewWork(order, candidate, encoded, chain.Ordinal, deadline, trace);
            if (await runner.RunAsync(work, reader, signals, static () => { }) is not AttemptResult.Ended ended)
                return new Answer(null, ExecutionFailures.LedgerFull());
            history.Add(ended);
            spending.Add(ended.Billed);
            if (reader.Response is { } response)
            {
                chains.Succeeded(candidate);
                return new Answer(Describe(response, order, work, encoded, ended), null);
            }

            if (Interrupted(signals, deadline) is { } interrupted) return new Answer(null, interrupted);
            var pause = chain.Failed(candidate, ended.Failure ?? ExecutionFailures.Internal(), ended.ConnectionLost);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, signals.ShuttingDown).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new Answer(null, chain.Failure());
    }

    private AttemptWork NewWork(
        ExecutionOrder order,
        PreparedCandidate candidate,
        EncodedRequest encoded,
        int ordinal,
        long deadline,
        ActivityContext trace) => new()
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Ordinal = ordinal,
            Order = order,
            Candidate = candidate,
            Path = "embeddings",
            Body = encoded.Body,
            Streamed = false,
            Operation = "embeddings",
            TotalDeadline = deadline,
            Trace = trace,
        };

    private static EmbeddingsResponse Describe(
        EmbeddingsResponse response,
        ExecutionOrder order,
        AttemptWork work,
        EncodedRequest encoded,
        AttemptResult.Ended ended)
    {
        var deployment = work.Candidate.Deployment;
        var started = response.Response ?? new ResponseStarted();
        started.AttemptId = work.Id.ToString("D");
        (started.Deployment, started.Provider, started.Model) = (deployment.Id, deployment.Provider, deployment.Model);
        (started.Route, started.Simulated) = (order.Plan.Route, deployment.Simulated);
        started.Warnings.Add(order.Plan.Warnings);
        started.Warnings.Add(encoded.Warnings);
        response.Response = started;
        response.Usage = ended.Summary.Usage;
        return response;
    }

    private Failure? Interrupted(ExecutionSignals signals, long deadline) =>
        signals.ClientGone.IsCancellationRequested ? ExecutionFailures.ClientGone()
        : signals.ShuttingDown.IsCancellationRequested ? ExecutionFailures.ShuttingDown()
        : time.GetTimestamp() >= deadline ? StopReason.TotalDeadline.ToFailure()
        : null;

    private sealed record Answer(EmbeddingsResponse? Response, Failure? Failure);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Request {RequestId} ended by a defect")]
        public static partial void Defect(ILogger logger, Guid requestId, Exception exception);
    }
}

/// <summary>Outcome of an embeddings request.</summary>
internal abstract record EmbeddingOutcome
{
    private EmbeddingOutcome()
    {
    }

    internal sealed record Embedded(EmbeddingsResponse Response) : EmbeddingOutcome;

    internal sealed record Failed(Failure Failure, Summary Summary) : EmbeddingOutcome;
}
