using Grpc.Core;
using Grpc.Core.Interceptors;
using Orchestration.Gateway.Audit;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Admin;

/// <summary>Stands before every admin service but the sign-in: who calls, may they, and what came of it.</summary>
internal sealed class OperatorCallInterceptor(OperatorAuthenticator authenticator, AuditTrail audit) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (await AdmitAsync(request, context) is not { } call)
            return await continuation(request, context);
        try
        {
            var response = await continuation(request, context);
            await audit.WriteOutcomeAsync(LineOf(call, AuditOutcomes.Answered, request, "", AuditText.Of(response)));
            return response;
        }
        catch
        {
            await audit.WriteOutcomeAsync(LineOf(call, AuditOutcomes.Failed, request, "", ""));
            throw;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (await AdmitAsync(request, context) is not { } call)
        {
            await continuation(request, responseStream, context);
            return;
        }

        var outcome = AuditOutcomes.Failed;
        try
        {
            await continuation(request, responseStream, context);
            outcome = AuditOutcomes.Answered;
        }
        finally
        {
            await audit.WriteOutcomeAsync(LineOf(call, outcome, request, "", ""));
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) => throw NotOffered();

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) => throw NotOffered();

    // The call, when its outcome is to be written down here.
    private async Task<AdminCall?> AdmitAsync(object request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var admission = await authenticator.AdmitAsync(http.Request, context.CancellationToken);
        if (admission is OperatorAdmission.Refused unknown)
            throw new FailureException(unknown.Failure);
        var caller = ((OperatorAdmission.Admitted)admission).Operator;
        http.Features.Set(caller);
        var call = AdminCall.Of(context);
        var rule = AdminPolicy.Find(context.Method);
        if (rule is null || !rule.Allows(caller.Role))
        {
            if (rule is not { Effect: AdminEffect.Reads })
                await audit.WriteAsync(LineOf(call, AuditOutcomes.Refused, request, "", ""), context.CancellationToken);
            throw new FailureException(Failures.PermissionDenied("role_missing", $"The role '{caller.Role}' may not do this."));
        }

        if (TenantFence.Refuse(caller, request) is { } fenced)
            throw new FailureException(fenced);
        if (rule.Effect != AdminEffect.Forwards)
            return null;
        await audit.WriteAsync(LineOf(call, AuditOutcomes.Forwarded, request, AuditText.Of(request), ""), context.CancellationToken);
        return call;
    }

    private static AuditRecord LineOf(AdminCall call, string outcome, object request, string before, string after) =>
        call.Line(outcome, TenantFence.TenantOf(request), AuditText.Target(request), before, after);

    // No admin method streams from its client. One that did without a check here would be open.
    private static RpcException NotOffered() => new(new Status(StatusCode.Unimplemented, "The admin API takes no streams."));
}
