using Npgsql;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Gives a request the answer of its twin: while that is written, or once it is kept.</summary>
internal sealed class AnswerFollower(Claims claims, RunningRequests running, TimeProvider timeProvider)
{
    private static readonly TimeSpan PauseBetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends a kept answer.</summary>
    public static async Task ReplayAsync(HttpContext context, StoredAnswer answer)
    {
        answer.Head.Apply(context.Response);
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>Sends a running answer as it comes; the failure that is to be told when that ended badly.</summary>
    /// <param name="sink">Where it goes.</param>
    /// <param name="source">The answer.</param>
    /// <param name="run">Its row; null when it has none.</param>
    public async Task<Failure?> FollowAsync(IAnswerSink sink, IAnswerSource source, Claim? run)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(sink.ClientGone, running.Ending);
        var (offset, state) = (0, AnswerState.Running);
        try
        {
            while (state == AnswerState.Running)
            {
                (var head, var bytes, state) = await source.ReadAsync(offset, stop.Token);
                if (head is not null && (bytes.Length > 0 || state == AnswerState.Whole))
                    await sink.SendAsync(head, bytes);
                offset += bytes.Length;
            }

            return state switch
            {
                AnswerState.Whole => null,
                AnswerState.Lost when run is not null => await FinishAsync(sink, run, offset, stop.Token),
                _ => sink.BreakOff(IdempotencyFailures.Interrupted()),
            };
        }
        catch (OperationCanceledException) when (!sink.ClientGone.IsCancellationRequested)
        {
            return sink.BreakOff(Failures.ShuttingDown());
        }
    }

    // The way of its frames is lost. Who has begun to answer waits for the row; who has not lets its client come again.
    private async Task<Failure?> FinishAsync(IAnswerSink sink, Claim run, int offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await LookAsync(run, cancellationToken))
            {
                case ClaimOutcome.Finished { Answer: var answer }:
                    await sink.SendAsync(answer.Head, answer.Body[offset..]);
                    return null;
                case ClaimOutcome.NotKept:
                    return sink.BreakOff(IdempotencyFailures.NotKept());
                case ClaimOutcome.Running when !sink.HasBegun:
                    return IdempotencyFailures.StillRunning();
                case ClaimOutcome.Failed:
                    return sink.BreakOff(IdempotencyFailures.Interrupted());
                case null when !sink.HasBegun:
                    return IdempotencyFailures.StoreAway();
            }

            await Task.Delay(PauseBetweenLooks, timeProvider, cancellationToken);
        }
    }

    private async Task<ClaimOutcome?> LookAsync(Claim run, CancellationToken cancellationToken)
    {
        try
        {
            return await claims.FindAsync(run, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }
}
