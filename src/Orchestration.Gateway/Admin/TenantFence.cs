using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Admin;

/// <summary>Keeps a team admin inside its own tenant: another one does not exist for it.</summary>
internal static class TenantFence
{
    public const string FieldName = "tenant_id";

    /// <summary>Why a call goes beyond the operator's tenant, or null; a request that leaves the tenant open is narrowed to it.</summary>
    public static Failure? Refuse(OperatorIdentity caller, object request)
    {
        if (caller.Role != OperatorRoles.TeamAdmin || request is not IMessage message || FieldOf(message.Descriptor) is not { } field)
            return null;
        var asked = (string)field.Accessor.GetValue(message);
        if (asked.Length == 0)
            field.Accessor.SetValue(message, caller.TenantId);
        return asked.Length == 0 || asked == caller.TenantId ? null : AccountFailures.NoTenant();
    }

    /// <summary>Tenant that a request is about; empty when it says none.</summary>
    public static string TenantOf(object request) =>
        request is IMessage message && FieldOf(message.Descriptor) is { } field ? (string)field.Accessor.GetValue(message) : "";

    public static FieldDescriptor? FieldOf(MessageDescriptor message) =>
        message.FindFieldByName(FieldName) is { FieldType: FieldType.String, IsRepeated: false } field ? field : null;
}
