using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Admin;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Profiles;
using Orchestration.Providers.Verification;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Wire = Orchestration.Contracts.Providers.V1;

namespace Orchestration.Providers;

/// <summary>Translates the calls of operators, who come through the gateway's admin API only.</summary>
internal sealed class VendorAdminService(
    VendorProfiles profiles,
    KeyPools pools,
    CredentialAdmin admin,
    CredentialCheck check,
    VendorListing vendors,
    VendorVerification verification) : Wire.VendorAdminService.VendorAdminServiceBase
{
    public override Task<ListVendorsResponse> ListVendors(ListVendorsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Task.FromResult(new ListVendorsResponse { Vendors = { vendors.List() } });
    }

    public override Task<ListCredentialsResponse> ListCredentials(ListCredentialsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (request.Provider.Length > 0 && profiles.Vendors.All(p => p.Provider != request.Provider)) throw new FailureException(UnknownVendor());
        var keys = pools.Views().Where(v => request.Provider.Length == 0 || v.Key.Facts.Provider == request.Provider);
        return Task.FromResult(new ListCredentialsResponse { Credentials = { keys.Select(k => k.Key.ToWire(k.InUse)) } });
    }

    public override async Task<Credential> AddCredential(AddCredentialRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Told(await admin.AddAsync(request, context.CancellationToken));
    }

    public override async Task<Credential> UpdateCredential(UpdateCredentialRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Told(await admin.UpdateAsync(request, context.CancellationToken));
    }

    public override async Task<Credential> RotateCredential(RotateCredentialRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return Told(await admin.RotateAsync(request, context.CancellationToken));
    }

    public override async Task<RemoveCredentialResponse> RemoveCredential(RemoveCredentialRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return await admin.RemoveAsync(request.Id, context.CancellationToken) ? new RemoveCredentialResponse() : throw new FailureException(UnknownKey());
    }

    public override async Task<CheckCredentialsResponse> CheckCredentials(CheckCredentialsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var findings = await check.RunAsync(context.CancellationToken);
        return new CheckCredentialsResponse
        {
            Decrypted = findings.Count(f => f.Decrypts),
            Undecryptable = { findings.Where(f => !f.Decrypts).Select(f => f.Id.ToString("D")) },
            MasterKeyVersion = check.MasterKeyVersion,
        };
    }

    public override async Task VerifyVendor(VerifyVendorRequest request, IServerStreamWriter<VerificationStep> responseStream, ServerCallContext context)
    {
        context.AdmitGateway();
        switch (verification.Prepare(request.Provider, request.Region, request.Model, baseUrl: null))
        {
            case VerificationStart.Ready ready:
                await foreach (var step in verification.RunAsync(ready.Target, context.CancellationToken))
                    await responseStream.WriteAsync(step, context.CancellationToken);
                return;
            case VerificationStart.Refused refused:
                throw new FailureException(refused.Failure);
        }
    }

    // A key belongs to nobody but the operators, so no other service of the system has a reason to ask.
    private Credential Told(CredentialOutcome outcome)
    {
        switch (outcome)
        {
            case CredentialOutcome.Done done:
                foreach (var (key, inUse) in pools.Views())
                    if (key.Facts.Id == done.Id) return key.ToWire(inUse);
                // Removed by somebody else since.
                throw new FailureException(UnknownKey());
            case CredentialOutcome.Invalid invalid:
                var failure = Failed(FailureClass.InvalidRequest, "invalid_credential", invalid.Message);
                failure.Param = invalid.Param;
                throw new FailureException(failure);
            case CredentialOutcome.Duplicate:
                throw AlreadyExists();
            case CredentialOutcome.NoMasterKey:
                throw new FailureException(Failed(FailureClass.Unavailable, "no_master_key", "No master key is configured, so no key can be stored."));
            default:
                throw new FailureException(UnknownKey());
        }
    }

    private static RpcException AlreadyExists()
    {
        var told = Failed(FailureClass.Conflict, "credential_exists", "This key is stored already.").ToRpcException();
        return new RpcException(new Status(StatusCode.AlreadyExists, told.Status.Detail), told.Trailers);
    }

    private static Failure UnknownKey() => Failed(FailureClass.NotFound, "credential_not_found", "There is no stored key with this id.");

    private static Failure UnknownVendor() => Failed(FailureClass.NotFound, "vendor_not_found", "There is no vendor of this name.");

    private static Failure Failed(FailureClass failureClass, string code, string message) =>
        new() { FailureClass = failureClass, Code = code, Message = message };
}
