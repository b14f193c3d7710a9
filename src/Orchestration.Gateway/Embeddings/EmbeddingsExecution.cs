using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;
using Orchestration.ServiceDefaults.Grpc;
using Settlement = Orchestration.Gateway.Execution.Settlement;

namespace Orchestration.Gateway.Embeddings;

/// <summary>Runs admitted embeddings requests on Providers and settles them, whatever becomes of the client.</summary>
internal sealed partial class EmbeddingsExecution(
    ProvidersService.ProvidersServiceClient providers,
    InternalCalls calls,
    Settlement settlement,
    RunningRequests running,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    ILogger<EmbeddingsExecution> logger)
{
    private const string SummaryTrailer = "orchestration-summary-bin";

    /// <summary>The answer, or null when the client left before it came.</summary>
    public async Task<EmbeddingsOutcome?> RunAsync(AdmittedRequest request, EmbeddingsRequest embeddings, CancellationToken clientGone)
    {
        var ending = new RequestEnding();
        var work = EmbedAsync(request, embeddings, ending, Activity.Current);
        running.Track(work);
        if (await ClientDeparture.WaitAsync(work, clientGone))
            return await work;
        ending.ClientGone = true;
        telemetry.ClientGone();
        return null;
    }

    private async Task<EmbeddingsOutcome> EmbedAsync(AdmittedRequest request, EmbeddingsRequest embeddings, RequestEnding ending, Activity? activity)
    {
        var outcome = await CallAsync(request, embeddings, ending);
        if (outcome is EmbeddingsOutcome.Failed failed)
        {
            ending.FailureCode = failed.Failure.Code;
            GatewayTelemetry.Failed(activity, failed.Failure);
        }
        else if (ending.Response is { } response)
        {
            GatewayTelemetry.Describe(activity, response);
        }

        if (ending.Summary is { } summary)
            GatewayTelemetry.Describe(activity, summary);
        await settlement.RecordAsync(request, ending);
        return outcome;
    }

    private async Task<EmbeddingsOutcome> CallAsync(AdmittedRequest request, EmbeddingsRequest embeddings, RequestEnding ending)
    {
        try
        {
            var response = await providers.EmbedAsync(MessageOf(request, embeddings), CallOptionsOf(request));
            ending.Summary = response.Summary;
            ending.Response = response.Response ??= new ResponseStarted();
            foreach (var warning in request.Plan.Warnings)
            {
                if (!response.Response.Warnings.Contains(warning))
                    response.Response.Warnings.Add(warning);
            }

            return new EmbeddingsOutcome.Embedded(response);
        }
        catch (RpcException exception)
        {
            ending.Summary = SummaryOf(exception);
            ending.Refused = exception.IsRefusal();
            var stopped = running.Abandoned.IsCancellationRequested && !ending.Refused;
            return new EmbeddingsOutcome.Failed(stopped ? Failures.ShuttingDown() : exception.ToClientFailure());
        }
        catch (Exception exception)
        {
            // The request must still be settled.
            Log.Failed(logger, request.Identity.Text, exception);
            return new EmbeddingsOutcome.Failed(Failures.Internal());
        }
    }

    private CallOptions CallOptionsOf(AdmittedRequest request)
    {
        var timeout = (request.Plan.Rules.TotalDeadline?.ToTimeSpan() ?? options.Value.DefaultDeadline) + options.Value.SettlementGrace;
        return calls.For(request.Attribution.TenantId, request.Dimensions.Purpose, timeout, running.Abandoned);
    }

    private static EmbedRequest MessageOf(AdmittedRequest request, EmbeddingsRequest embeddings) => new()
    {
        RequestId = request.Identity.Text,
        Attribution = request.Attribution,
        Plan = request.Plan,
        Request = embeddings,
        Ceiling = request.Ceiling.ToProto(),
        StartedAt = Timestamp.FromDateTimeOffset(request.Identity.StartedAt),
        EstimatedInputTokens = request.EstimatedInputTokens,
    };

    private static Summary? SummaryOf(RpcException exception)
    {
        try
        {
            return exception.Trailers.GetValueBytes(SummaryTrailer) is { } bytes ? Summary.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The execution of request {RequestId} failed")]
        public static partial void Failed(ILogger logger, string requestId, Exception exception);
    }
}

/// <summary>Outcome of an embeddings request.</summary>
internal abstract record EmbeddingsOutcome
{
    private EmbeddingsOutcome()
    {
    }

    public sealed record Embedded(EmbeddingsResponse Response) : EmbeddingsOutcome;

    public sealed record Failed(Contracts.Errors.V1.Failure Failure) : EmbeddingsOutcome;
}
