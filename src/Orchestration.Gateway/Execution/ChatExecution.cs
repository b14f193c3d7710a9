using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Gateway.Caching;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Execution;

/// <summary>Runs admitted chat requests on Providers.</summary>
internal sealed class ChatExecution(
    ProvidersService.ProvidersServiceClient providers,
    InternalCalls calls,
    Settlement settlement,
    RunningRequests running,
    ExactCache cache,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider,
    ILogger<ChatExecution> logger)
{
    /// <summary>
    /// Returns when the answer is complete or nobody can be given it any more; the execution itself always runs to its end.
    /// </summary>
    /// <exception cref="InvalidOperationException">The answer could not be written.</exception>
    public async Task RunAsync(AdmittedRequest request, ChatRequest chat, ChatAnswer answer, CancellationToken clientGone)
    {
        if (request.Cache is CacheUse.Hit hit)
        {
            await AnswerAgainAsync(new CachedRun(request, hit, answer, settlement, timeProvider), answer, clientGone);
            return;
        }

        var run = new ChatRun(request, answer, settlement, running, cache, telemetry, timeProvider, logger);
        // Opened inside the run: whatever fails from here on, the request is in the ledger and must end there.
        var work = run.RunAsync(() => providers.Execute(CallOptionsOf(request)), chat);
        running.Track(work);
        var served = await ClientDeparture.WaitAsync(Task.WhenAny(work, answer.Faulted), clientGone);
        if (answer.Fault is { } fault)
        {
            await run.LoseAnswerAsync();
            throw new InvalidOperationException("The answer could not be written.", fault);
        }

        if (served)
            await work;
        else
            await run.LeaveAsync();
    }

    private async Task AnswerAgainAsync(CachedRun run, ChatAnswer answer, CancellationToken clientGone)
    {
        var work = run.RunAsync();
        running.Track(work);
        if (await ClientDeparture.WaitAsync(Task.WhenAny(work, answer.Faulted), clientGone))
            await work;
        else
            await answer.DetachAsync();
        if (answer.Fault is { } fault)
            throw new InvalidOperationException("The answer could not be written.", fault);
    }

    private CallOptions CallOptionsOf(AdmittedRequest request)
    {
        var rules = request.Plan.Rules;
        var deadline = rules.TotalDeadline?.ToTimeSpan() ?? options.Value.DefaultDeadline;
        var timeout = deadline + (rules.DrainAfterDisconnect?.ToTimeSpan() ?? TimeSpan.Zero) + options.Value.SettlementGrace;
        return calls.For(request.Attribution.TenantId, request.Dimensions.Purpose, timeout, running.Abandoned);
    }
}
