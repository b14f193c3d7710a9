using System.Collections.Concurrent;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Wire = Orchestration.Contracts.Providers.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>The owner of vendors' keys: remembers what it was told by whom.</summary>
internal sealed class FakeVendors : Wire.VendorAdminService.VendorAdminServiceBase
{
    public ConcurrentQueue<(string Caller, string Method, string Secret)> Calls { get; } = new();

    public override Task<ListVendorsResponse> ListVendors(ListVendorsRequest request, ServerCallContext context) =>
        Told(context, "list-vendors", "", new ListVendorsResponse { Vendors = { new Vendor { Provider = "deepseek", Proof = VendorProof.Simulator } } });

    public override Task<ListCredentialsResponse> ListCredentials(ListCredentialsRequest request, ServerCallContext context) =>
        Told(context, "list", "", new ListCredentialsResponse { Credentials = { new Credential { Id = "k-1", Provider = request.Provider, LastFour = "wxyz" } } });

    public override Task<Credential> AddCredential(AddCredentialRequest request, ServerCallContext context) => request.Provider switch
    {
        "taken" => throw new RpcException(new Status(StatusCode.AlreadyExists, "This key is stored already.")),
        "nobody" => throw new FailureException(new Failure { FailureClass = FailureClass.InvalidRequest, Code = "invalid_credential", Message = "There is no vendor of this name.", Param = "provider" }),
        "broken" => throw new InvalidOperationException($"Could not keep {request.Secret}"),
        _ => Told(context, "add", request.Secret, new Credential { Id = "k-1", Provider = request.Provider, LastFour = request.Secret[^4..] }),
    };

    public override Task<Credential> UpdateCredential(UpdateCredentialRequest request, ServerCallContext context) =>
        Told(context, "update", "", new Credential { Id = request.Id, Weight = request.Weight, State = request.State });

    public override Task<Credential> RotateCredential(RotateCredentialRequest request, ServerCallContext context) =>
        Told(context, "rotate", request.Secret, new Credential { Id = request.Id, LastFour = request.Secret[^4..] });

    public override Task<RemoveCredentialResponse> RemoveCredential(RemoveCredentialRequest request, ServerCallContext context) =>
        Told(context, "remove", "", new RemoveCredentialResponse());

    public override Task<CheckCredentialsResponse> CheckCredentials(CheckCredentialsRequest request, ServerCallContext context) =>
        Told(context, "check", "", new CheckCredentialsResponse { Decrypted = 3, MasterKeyVersion = 7 });

    public override async Task VerifyVendor(VerifyVendorRequest request, IServerStreamWriter<VerificationStep> responseStream, ServerCallContext context)
    {
        foreach (var check in (string[])["auth", "plain"])
            await responseStream.WriteAsync(new VerificationStep { Check = $"{request.Provider} {check}", Outcome = VerificationOutcome.Matched, Total = 2 });
    }

    private Task<T> Told<T>(ServerCallContext context, string method, string secret, T answer)
    {
        Calls.Enqueue((context.GetServiceCaller().Service, method, secret));
        return Task.FromResult(answer);
    }
}
