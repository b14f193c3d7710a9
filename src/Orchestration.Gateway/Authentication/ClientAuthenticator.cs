using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Gateway.Authentication;

/// <summary>Finds out on whose account a request runs. What cannot be found out is refused.</summary>
internal sealed class ClientAuthenticator(AccountDirectory accounts, SecretHasher hasher, TimeProvider timeProvider)
{
    /// <summary>A client with its key.</summary>
    public async ValueTask<AuthenticationOutcome> AuthenticateClientAsync(HttpRequest request, CancellationToken cancellationToken) =>
        CredentialExtractor.Find(request) switch
        {
            CredentialSearch.Found found when ApiKey.TryParse(found.Credential) is { } key => await CheckAsync(key, cancellationToken),
            CredentialSearch.Found => Reject(Failures.InvalidKey()),
            CredentialSearch.Refused refused => Reject(Failures.Invalid("ambiguous_credentials", refused.Reason)),
            _ => Reject(Failures.MissingKey()),
        };

    /// <summary>Another service of the system, acting for the tenant in its verified token.</summary>
    public async ValueTask<AuthenticationOutcome> AuthenticateServiceAsync(ServiceCaller service, CancellationToken cancellationToken) =>
        await accounts.FindTenantAsync(service.TenantId, cancellationToken) switch
        {
            Lookup<Caller>.Found found => new AuthenticationOutcome.Accepted(found.Value with { Purpose = PurposeOf(service.Purpose) }),
            Lookup<Caller>.Unavailable => Reject(Away()),
            _ => Reject(Failures.Invalid("unknown_tenant", "The tenant of the service identity does not exist.")),
        };

    private async ValueTask<AuthenticationOutcome> CheckAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var lookup = await accounts.FindKeyAsync(key.PublicId, cancellationToken);
        if (lookup is Lookup<KeyRecord>.Unavailable)
            return Reject(Away());
        var record = (lookup as Lookup<KeyRecord>.Found)?.Value;
        return hasher.Matches(key, record?.SecretHash) && record!.IsActive(timeProvider.GetUtcNow())
            ? new AuthenticationOutcome.Accepted(record.Caller)
            : Reject(Failures.InvalidKey());
    }

    private static Failure Away() => Failures.Unavailable("authentication_unavailable", "Keys cannot be checked right now.");

    private static AuthenticationOutcome.Rejected Reject(Failure failure) => new(failure);

    private static Purpose PurposeOf(string name) => PurposeNames.Parse(name) is var purpose and not Purpose.Unspecified ? purpose : Purpose.Chat;
}
