using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Capture;
using Orchestration.Gateway.Grounding;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Execution;

/// <summary>Runs admitted chat requests on Providers.</summary>
internal sealed class ChatExecution(
    ProvidersService.ProvidersServiceClient providers,
    InternalCalls calls,
    Settlement settlement,
    RunningRequests running,
    AnswerCaches caches,
    PayloadCapture capture,
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
        answer.Citations = request.Grounding is { } grounding ? new Citations(grounding) : null;
        var payload = capture.Begin(request, chat);
        if (Prepared(request) is { } events)
        {
            await GiveAsync(new PreparedRun(request, events, answer, payload, settlement, timeProvider), answer, clientGone);
            return;
        }

        var run = new ChatRun(request, answer, payload, settlement, running, caches, telemetry, timeProvider, logger);
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

    /// <summary>The answer without its summary, where no provider is needed for it; null elsewhere.</summary>
    private static IReadOnlyList<ChatEvent>? Prepared(AdmittedRequest request)
    {
        if (request.Grounding is { Found: false } question)
            return NothingFound.Events(request, question);
        return request.Cache is CacheUse.Hit hit ? [.. hit.Answer.Events.SkipLast(1)] : null;
    }

    private async Task GiveAsync(PreparedRun run, ChatAnswer answer, CancellationToken clientGone)
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
