using Grpc.Core;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Admin;

/// <summary>What operators do with clients' keys. An answer with a secret is stored by nobody on its way.</summary>
internal sealed class KeyAdmin(KeyBook keys) : KeyAdminService.KeyAdminServiceBase
{
    public override Task<IssuedKey> CreateKey(CreateKeyRequest request, ServerCallContext context)
    {
        ForbidStoring(context);
        return keys.CreateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
    }

    public override Task<ListKeysResponse> ListKeys(ListKeysRequest request, ServerCallContext context) =>
        keys.ListAsync(request, context.CancellationToken).OrThrowAsync();

    public override Task<ClientKey> GetKey(GetKeyRequest request, ServerCallContext context) =>
        keys.GetAsync(request.TenantId, request.KeyId, context.CancellationToken).OrThrowAsync();

    public override Task<ClientKey> UpdateKey(UpdateKeyRequest request, ServerCallContext context) =>
        keys.UpdateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<IssuedKey> RotateKey(RotateKeyRequest request, ServerCallContext context)
    {
        ForbidStoring(context);
        return keys.RotateAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
    }

    public override Task<ClientKey> RevokeKey(RevokeKeyRequest request, ServerCallContext context) =>
        keys.RevokeAsync(request.TenantId, request.KeyId, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<ImportKeysResponse> ImportKeys(ImportKeysRequest request, ServerCallContext context) =>
        keys.ImportAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    private static void ForbidStoring(ServerCallContext context) => context.GetHttpContext().Response.Headers.CacheControl = "no-store";
}
