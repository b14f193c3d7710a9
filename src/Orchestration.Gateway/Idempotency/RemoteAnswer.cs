using Npgsql;
using StackExchange.Redis;

namespace Orchestration.Gateway.Idempotency;

/// <summary>An answer that another gateway is writing.</summary>
internal sealed class RemoteAnswer(AnswerStream stream, Claims claims, Claim run, TimeProvider timeProvider) : IAnswerSource
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    // A gateway that died says nothing more; its row tells.
    private static readonly TimeSpan LookAfterSilence = TimeSpan.FromSeconds(2);

    private readonly Queue<AnswerFrame> _frames = new();
    private string _place = "0-0";
    private AnswerHead? _head;

    public async ValueTask<AnswerPart> ReadAsync(int offset, CancellationToken cancellationToken)
    {
        var (pause, heardOf) = (ShortestPause, timeProvider.GetTimestamp());
        while (true)
        {
            if (!await TryFillAsync())
                return new AnswerPart(_head, default, AnswerState.Lost);
            while (_frames.TryDequeue(out var frame))
            {
                _head ??= frame.Head;
                if (frame.State == AnswerState.Lost || frame.Offset > offset || (_head is null && frame.State == AnswerState.Whole))
                    return new AnswerPart(_head, default, AnswerState.Lost);
                if (frame.Bytes.Length > 0 || frame.State != AnswerState.Running)
                    return new AnswerPart(_head, frame.Bytes, frame.State);
            }

            if (timeProvider.GetElapsedTime(heardOf) > LookAfterSilence)
            {
                if (await EndOfSilenceAsync(cancellationToken) is { } state)
                    return new AnswerPart(_head, default, state);
                heardOf = timeProvider.GetTimestamp();
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<bool> TryFillAsync()
    {
        if (_frames.Count > 0)
            return true;
        try
        {
            foreach (var frame in await stream.ReadAsync(run.TenantId, run.ClaimId, _place))
            {
                _place = frame.Id;
                _frames.Enqueue(frame);
            }

            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<AnswerState?> EndOfSilenceAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await claims.FindAsync(run, cancellationToken) switch
            {
                ClaimOutcome.Running => null,
                ClaimOutcome.Failed => AnswerState.Broken,
                _ => AnswerState.Lost,
            };
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            // Redis may still know.
            return null;
        }
    }
}
