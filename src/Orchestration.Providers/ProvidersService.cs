using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Chat;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Execution;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Wire = Orchestration.Contracts.Providers.V1;

namespace Orchestration.Providers;

/// <summary>Translates gRPC calls; those that execute chat and those that are answered as a whole have files of their own.</summary>
internal sealed partial class ProvidersService(
    ChatExecutionParts chat,
    PlainExecution plain,
    ExecutionRegistry registry,
    KeyPools keys,
    KeyChanges keyChanges,
    IHostApplicationLifetime lifetime,
    IOptions<ExecutionOptions> options,
    TimeProvider time) : Wire.ProvidersService.ProvidersServiceBase
{
    public override async Task WatchVendors(WatchVendorsRequest request, IServerStreamWriter<VendorsUpdate> responseStream, ServerCallContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        IReadOnlyList<VendorStatus> told = [];
        while (!ends.IsCancellationRequested)
        {
            var changed = keyChanges.Signal.Next;
            var statuses = keys.Statuses();
            var news = statuses.Except(told).ToList();
            if (news.Count > 0) await responseStream.WriteAsync(new VendorsUpdate { Vendors = { news } }, ends.Token);
            told = statuses;
            await changed.WaitAsync(ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ExecutionOrder Order(
        string requestId,
        Attribution? attribution,
        Plan? plan,
        Contracts.Pricing.V1.Money? ceiling,
        Timestamp? startedAt,
        long estimatedInputTokens,
        ServerCallContext context)
    {
        if (attribution is not null && context.GetServiceCaller().TenantId != attribution.TenantId)
            throw new FailureException(new Failure
            {
                FailureClass = FailureClass.PermissionDenied,
                Code = "wrong_tenant",
                Message = "The call was made for another tenant.",
            });
        try
        {
            var started = startedAt?.ToDateTimeOffset() ?? time.GetUtcNow();
            return ExecutionOrder.Read(requestId, attribution, plan, ceiling, started, estimatedInputTokens, options.Value);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new FailureException(ExecutionFailures.Invalid(exception.Message));
        }
    }
}
