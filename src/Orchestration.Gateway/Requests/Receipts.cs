using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Requests;

/// <summary>A tenant's own requests, as the ledger has them.</summary>
internal sealed class Receipts(LedgerService.LedgerServiceClient ledger, InternalCalls calls, IOptions<GatewayOptions> options)
{
    public async Task<ReceiptOutcome> GetAsync(string tenantId, string requestId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(requestId, "D", out var id))
            return new ReceiptOutcome.Refused(Failures.Invalid("invalid_request_id", "A request id is a UUID such as the one in the x-request-id header.", "id"));
        try
        {
            var request = new GetRequestRequest { TenantId = tenantId, RequestId = id.ToString("D") };
            var record = await ledger.GetRequestAsync(request, calls.For(tenantId, "chat", options.Value.QueryTimeout, cancellationToken));
            return new ReceiptOutcome.Found(TenantView.Of(record));
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return new ReceiptOutcome.Refused(Unknown());
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new ReceiptOutcome.Refused(exception.ToClientFailure());
        }
    }

    private static Failure Unknown()
    {
        var failure = Failures.NotFound(
            "request_not_found",
            "No request with this id is in the ledger. A request that has just ended appears there within a few seconds.",
            "id");
        failure.Retryable = true;
        failure.RetryAfter = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        return failure;
    }
}

/// <summary>Outcome of asking for a receipt.</summary>
internal abstract record ReceiptOutcome
{
    private ReceiptOutcome()
    {
    }

    public sealed record Found(RequestRecord Record) : ReceiptOutcome;

    public sealed record Refused(Failure Failure) : ReceiptOutcome;
}
