using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Execution;

/// <summary>Runs admitted chat requests on Providers.</summary>
internal sealed class ChatExecution(
    ProvidersService.ProvidersServiceClient providers,
    InternalCalls calls,
    Settlement settlement,
    RunningRequests running,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider,
    ILogger<ChatExecution> logger)
{
    /// <summary>Returns when the answer is complete or the client has left; the execution itself always runs to its end.</summary>
    public async Task RunAsync(AdmittedRequest request, ChatRequest chat, ChatAnswer answer, CancellationToken clientGone)
    {
        var run = new ChatRun(request, answer, settlement, telemetry, timeProvider, logger);
        var callOptions = calls.For(request.Attribution.TenantId, request.Dimensions.Purpose, Timeout(request), CancellationToken.None);
        var work = run.RunAsync(providers, ChatRun.StartOf(request, chat), callOptions);
        running.Track(work);
        if (await ClientDeparture.WaitAsync(work, clientGone))
            await work;
        else
            await run.LeaveAsync();
        if (answer.Fault is { } fault)
            throw new InvalidOperationException("The answer could not be written.", fault);
    }

    private TimeSpan Timeout(AdmittedRequest request)
    {
        var rules = request.Plan.Rules;
        var deadline = rules.TotalDeadline?.ToTimeSpan() ?? options.Value.DefaultDeadline;
        return deadline + (rules.DrainAfterDisconnect?.ToTimeSpan() ?? TimeSpan.Zero) + options.Value.SettlementGrace;
    }
}
