using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Writes what became of a request with a key.</summary>
internal sealed partial class ClaimSettlement(
    Claims claims, RunningAnswers answers, RunningRequests running, IOptions<IdempotencyOptions> options, TimeProvider timeProvider, ILogger<ClaimSettlement> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Returns when it is written, or has taken so long that the client is not kept waiting for it.</summary>
    public async Task SettleAsync(Claim claim, RunningAnswer answer, RecordedEnd end)
    {
        var work = WriteAsync(claim, answer, end);
        running.Track(work);
        await work.WaitAsync(options.Value.StoreWait, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes back a claim of which nobody knows whether it was written. Once: if it cannot be, its lease ends it.</summary>
    public void Drop(Claim claim) => running.Track(DropAsync(claim));

    private async Task DropAsync(Claim claim)
    {
        using var deadline = new CancellationTokenSource(options.Value.ClaimTimeout, timeProvider);
        try
        {
            await claims.RemoveAsync(claim, deadline.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            Log.Later(logger, claim.ClaimId, exception.Message);
        }
    }

    // While it is not written the claim is renewed, and requests of this process find the answer in memory.
    private async Task WriteAsync(Claim claim, RunningAnswer answer, RecordedEnd end)
    {
        var begun = timeProvider.GetTimestamp();
        var pause = FirstPause;
        while (!await TryWriteAsync(claim, answer, end))
        {
            if (running.IsStopping || timeProvider.GetElapsedTime(begun) > options.Value.KeptFor)
                break;
            await Task.Delay(pause, timeProvider);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        answers.Remove(claim);
    }

    private async Task<bool> TryWriteAsync(Claim claim, RunningAnswer answer, RecordedEnd end)
    {
        using var deadline = new CancellationTokenSource(options.Value.ClaimTimeout, timeProvider);
        try
        {
            var written = end switch
            {
                RecordedEnd.Answered => await claims.KeepAsync(claim, answer.IsTooLarge ? null : new StoredAnswer(answer.Head!, answer.Body), deadline.Token),
                RecordedEnd.Refused => await claims.RemoveAsync(claim, deadline.Token),
                _ => await claims.FailAsync(claim, deadline.Token),
            };
            if (!written)
                Log.Taken(logger, claim.ClaimId);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            Log.Later(logger, claim.ClaimId, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Claim {ClaimId} ended after another request had taken its key")]
        public static partial void Taken(ILogger logger, Guid claimId);

        [LoggerMessage(LogLevel.Information, "The end of claim {ClaimId} is written later: {Reason}")]
        public static partial void Later(ILogger logger, Guid claimId, string reason);
    }
}
