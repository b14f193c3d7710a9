using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Providers.V1;

namespace Orchestration.Gateway.Admin;

/// <summary>Hands on what operators do with vendors and their keys. Requests that carry a secret are neither kept nor told anywhere here.</summary>
internal sealed class ProviderAdmin(VendorAdminService.VendorAdminServiceClient vendors, ForwardedCalls forward) : ProviderAdminService.ProviderAdminServiceBase
{
    // A dozen calls to a vendor that may think about each of them.
    private static readonly TimeSpan VerificationTimeout = TimeSpan.FromMinutes(5);

    public override Task<ListVendorsResponse> ListVendors(ListVendorsRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.ListVendorsAsync, request, "", context);

    public override Task<ListCredentialsResponse> ListCredentials(ListCredentialsRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.ListCredentialsAsync, request, "", context);

    public override Task<Credential> AddCredential(AddCredentialRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.AddCredentialAsync, request, "", context);

    public override Task<Credential> UpdateCredential(UpdateCredentialRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.UpdateCredentialAsync, request, "", context);

    public override Task<Credential> RotateCredential(RotateCredentialRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.RotateCredentialAsync, request, "", context);

    public override Task<RemoveCredentialResponse> RemoveCredential(RemoveCredentialRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.RemoveCredentialAsync, request, "", context);

    public override Task VerifyVendor(VerifyVendorRequest request, IServerStreamWriter<VerificationStep> responseStream, ServerCallContext context) =>
        forward.StreamAsync(vendors.VerifyVendor, request, responseStream, VerificationTimeout, context);

    public override Task<CheckCredentialsResponse> CheckCredentials(CheckCredentialsRequest request, ServerCallContext context) =>
        forward.SendAsync(vendors.CheckCredentialsAsync, request, "", context);
}
