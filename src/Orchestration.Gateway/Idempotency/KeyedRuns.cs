using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Finds out, over all gateways, which of the requests with one key runs.</summary>
internal sealed class KeyedRuns(
    Claims claims,
    RunningAnswers answers,
    ClaimSettlement settlement,
    AnswerStream stream,
    AnswerSeal seal,
    GatewayTelemetry telemetry,
    IOptions<IdempotencyOptions> options,
    TimeProvider timeProvider)
{
    /// <summary>Claims a key for a request. Where it is taken, the answer that is to be filled is known to twins already.</summary>
    public async Task<KeyedRun> BeginAsync(string tenant, string key, byte[] fingerprint)
    {
        var hash = HMACSHA256.HashData(seal.KeyOf(tenant, "idempotency-keys"), Encoding.UTF8.GetBytes(key));
        var claim = new Claim(tenant, hash, fingerprint, Guid.CreateVersion7(timeProvider.GetUtcNow()));
        var answer = new RunningAnswer(claim.ClaimId, options.Value.MaxAnswerBytes, options.Value.MaxAnswerBytes);
        // Before anybody can find its row.
        answers.Add(claim, answer);
        var outcome = await TakeAsync(claim);
        telemetry.IdempotencyKeySeen(outcome);
        if (outcome is ClaimOutcome.Taken)
        {
            _ = stream.MirrorAsync(claim.TenantId, answer);
        }
        else
        {
            answers.Remove(claim);
            answer.End(AnswerState.Lost);
        }

        return new KeyedRun(claim, answer, outcome);
    }

    /// <summary>The answer of a twin, in this process or in another one.</summary>
    public FollowedAnswer Follow(Claim run)
    {
        var local = answers.Find(run.ClaimId);
        return local is not null && local.TryFollow()
            ? new FollowedAnswer(local, local)
            : new FollowedAnswer(new RemoteAnswer(stream, claims, run, timeProvider), null);
    }

    // Not cancelled by the client: whether the row was written must be known.
    private async Task<ClaimOutcome?> TakeAsync(Claim claim)
    {
        using var deadline = new CancellationTokenSource(options.Value.ClaimTimeout, timeProvider);
        try
        {
            // The driver first tries to cancel on the server, which a frozen server does not hear: hence the second bound.
            return await claims.TakeAsync(claim, deadline.Token).WaitAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            settlement.Drop(claim);
            return null;
        }
    }
}

/// <summary>A request with a key.</summary>
/// <param name="Claim">Its own claim.</param>
/// <param name="Answer">Its own answer, to be filled where the claim is taken.</param>
/// <param name="Outcome">What becomes of it; null when that cannot be found out.</param>
internal sealed record KeyedRun(Claim Claim, RunningAnswer Answer, ClaimOutcome? Outcome);

/// <summary>An answer that is followed until this is disposed of.</summary>
internal sealed class FollowedAnswer(IAnswerSource source, RunningAnswer? local) : IDisposable
{
    public IAnswerSource Source => source;

    public void Dispose() => local?.StopFollowing();
}
