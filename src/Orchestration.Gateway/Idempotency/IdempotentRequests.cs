using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Endpoint metadata: what is posted here runs once for each <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotencyAllowed
{
    public static readonly IdempotencyAllowed Instance = new();
}

/// <summary>Sees to it that a request which is sent again is not run again. Who brings no key and no count of retries pays nothing.</summary>
internal sealed class IdempotentRequests(
    RequestDelegate next,
    Claims claims,
    RunningAnswers answers,
    ClaimSettlement settlement,
    AnswerFollower follower,
    AnswerStream stream,
    AnswerSeal seal,
    GatewayTelemetry telemetry,
    IOptions<IdempotencyOptions> options,
    IOptions<GatewayOptions> gateway,
    TimeProvider timeProvider)
{
    // An SDK counts its retries with every request; so much of an answer is held for the few that are retried while they run.
    private const int MostBytesForRetries = 256 * 1024;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IdempotencyAllowed>() is null || !HttpMethods.IsPost(context.Request.Method))
            return next(context);
        var (key, refused) = IdempotencyKey.Read(context.Request.Headers);
        if (refused is not null)
            return RefuseAsync(context, refused);
        if (key is not null)
            return WithBodyAsync(context, body => RunOnceAsync(context, key, body));
        return IdempotencyKey.RetryCount(context.Request.Headers) is { } count
            ? WithBodyAsync(context, body => RunForRetriesAsync(context, count, body))
            : next(context);
    }

    private async Task RunOnceAsync(HttpContext context, string key, byte[] fingerprint)
    {
        var tenant = context.GetCaller().TenantId;
        var hash = HMACSHA256.HashData(seal.KeyOf(tenant, "idempotency-keys"), Encoding.UTF8.GetBytes(key));
        var claim = new Claim(tenant, hash, fingerprint, Guid.CreateVersion7(timeProvider.GetUtcNow()));
        var answer = new RunningAnswer(claim.ClaimId, options.Value.MaxAnswerBytes, options.Value.MaxAnswerBytes);
        // Before anybody can find its row.
        answers.Add(claim, answer);
        var outcome = await TakeAsync(claim);
        telemetry.IdempotencyKeySeen(outcome);
        if (outcome is not ClaimOutcome.Taken)
        {
            answers.Remove(claim);
            answer.End(AnswerState.Lost);
        }

        switch (outcome)
        {
            case ClaimOutcome.Taken:
                await RunAsync(context, claim, answer);
                break;
            case ClaimOutcome.Running { ClaimId: var twin }:
                await FollowAsync(context, claim with { ClaimId = twin });
                break;
            case ClaimOutcome.Finished { Answer: var kept }:
                await AnswerFollower.ReplayAsync(context, kept);
                break;
            case ClaimOutcome.OtherRequest:
                await RefuseAsync(context, IdempotencyFailures.OtherRequest());
                break;
            case ClaimOutcome.NotKept:
                await RefuseAsync(context, IdempotencyFailures.NotKept());
                break;
            case ClaimOutcome.Failed:
                await RefuseAsync(context, IdempotencyFailures.StillRunning());
                break;
            default:
                await RefuseAsync(context, IdempotencyFailures.StoreAway());
                break;
        }
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

    private async Task RunAsync(HttpContext context, Claim claim, RunningAnswer answer)
    {
        _ = stream.MirrorAsync(claim.TenantId, answer);
        await RecordAsync(context, answer, end => settlement.SettleAsync(claim, answer, end));
    }

    private async Task FollowAsync(HttpContext context, Claim run)
    {
        var local = answers.Find(run.ClaimId);
        await FollowAsync(context, local, local is null || !local.TryFollow() ? new RemoteAnswer(stream, claims, run, timeProvider) : local, run);
    }

    private async Task RunForRetriesAsync(HttpContext context, int count, byte[] fingerprint)
    {
        if (count > 0 && answers.Find(fingerprint) is { } running && running.TryFollow())
        {
            telemetry.RetryJoined();
            await FollowAsync(context, running, running, null);
            return;
        }

        var answer = new RunningAnswer(Guid.CreateVersion7(timeProvider.GetUtcNow()), options.Value.MaxAnswerBytes, MostBytesForRetries);
        answers.Add(fingerprint, answer);
        try
        {
            await RecordAsync(context, answer, null);
        }
        finally
        {
            answers.Remove(fingerprint, answer);
        }
    }

    private async Task FollowAsync(HttpContext context, RunningAnswer? local, IAnswerSource source, Claim? run)
    {
        try
        {
            if (await follower.FollowAsync(context, source, run) is { } failure)
                await RefuseAsync(context, failure);
        }
        finally
        {
            if (ReferenceEquals(local, source))
                local?.StopFollowing();
        }
    }

    private async Task RecordAsync(HttpContext context, RunningAnswer answer, Func<RecordedEnd, Task>? settle)
    {
        using var recorded = new RecordedResponse(context, answer, settle);
        try
        {
            await next(context);
            await recorded.ReturnedAsync();
        }
        catch
        {
            await recorded.FailAsync();
            throw;
        }
    }

    // The endpoint reads the body again; it must be whole before it can be told from another.
    private async Task WithBodyAsync(HttpContext context, Func<byte[], Task> work)
    {
        using var body = await JsonBody.ReadAsync(context, gateway.Value.MaxRequestBodyBytes);
        if (body is null)
            return;
        var fingerprint = RequestFingerprint.Of(context.GetCaller(), context.Request.Path, body.WrittenMemory.Span);
        MemoryMarshal.TryGetArray(body.WrittenMemory, out var array);
        var original = context.Request.Body;
        using var again = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        context.Request.Body = again;
        try
        {
            await work(fingerprint);
        }
        finally
        {
            context.Request.Body = original;
        }
    }

    private Task RefuseAsync(HttpContext context, Failure failure)
    {
        telemetry.Refused(failure);
        return context.WriteFailureAsync(failure);
    }
}
