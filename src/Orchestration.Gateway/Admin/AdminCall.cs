using Google.Protobuf;
using Grpc.Core;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Admin;

/// <summary>Who calls the admin API, and which method of it: what an audit line says of its cause.</summary>
internal sealed record AdminCall(OperatorIdentity Operator, string Method, string Address, string RequestId)
{
    public static AdminCall Of(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        return new AdminCall(
            http.Features.GetRequired<OperatorIdentity>(),
            context.Method.TrimStart('/'),
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            http.GetRequestIdentity().Text);
    }

    /// <summary>A line for the audit log.</summary>
    public AuditRecord Line(string outcome, string tenantId, string target, string before, string after) => new()
    {
        Actor = Operator.Id,
        ActorName = Operator.Name,
        Role = Operator.Role,
        Address = Address,
        Method = Method,
        Outcome = outcome,
        TenantId = tenantId,
        Target = target,
        Before = before,
        After = after,
        RequestId = RequestId,
    };

    /// <summary>The line of a change that is made in the same transaction.</summary>
    public AuditRecord Done(string tenantId, string target, IMessage? before, IMessage? after) =>
        Line(AuditOutcomes.Done, tenantId, target, Json(before), Json(after));

    private static string Json(IMessage? message) => message is null ? "" : JsonFormatter.Default.Format(message);
}
