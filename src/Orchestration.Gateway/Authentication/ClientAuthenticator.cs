using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Gateway.Authentication;

/// <summary>Finds out on whose account a request runs. What cannot be found out is refused.</summary>
internal sealed class ClientAuthenticator(AccountDirectory accounts, SecretHasher hasher, ServiceTokens tokens, TimeProvider timeProvider)
{
    /// <summary>Metadata that carries the identity token of another service.</summary>
    public const string IdentityHeader = "orchestration-identity";

    /// <summary>A client with its key.</summary>
    public async ValueTask<Authentication> AuthenticateClientAsync(HttpRequest request, CancellationToken cancellationToken) =>
        CredentialExtractor.Find(request) switch
        {
            CredentialSearch.Found found when ApiKey.TryParse(found.Credential) is { } key => await CheckAsync(key, cancellationToken),
            CredentialSearch.Found => Reject(Failures.InvalidKey()),
            CredentialSearch.Refused refused => Reject(Failures.Invalid("ambiguous_credentials", refused.Reason)),
            _ => Reject(Failures.MissingKey()),
        };

    /// <summary>A client with its key, or another service of the system with its identity token. Internal listeners only.</summary>
    public async ValueTask<Authentication> AuthenticateInternalAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.Headers.TryGetValue(IdentityHeader, out var token))
            return await AuthenticateClientAsync(request, cancellationToken);
        if (request.Headers.Authorization.Count > 0)
            return Reject(Failures.Invalid("ambiguous_credentials", "The call carries both a key and a service identity."));
        if (tokens.Verify(token.ToString()) is not { } service)
            return Reject(Failures.InvalidKey());
        return await accounts.FindTenantAsync(service.TenantId, cancellationToken) switch
        {
            Lookup<Caller>.Found found => new Authentication.Accepted(found.Value with { Purpose = PurposeOf(service.Purpose) }),
            Lookup<Caller>.Unavailable => Reject(Away()),
            _ => Reject(Failures.InvalidKey()),
        };
    }

    private async ValueTask<Authentication> CheckAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var lookup = await accounts.FindKeyAsync(key.PublicId, cancellationToken);
        if (lookup is Lookup<KeyRecord>.Unavailable)
            return Reject(Away());
        var record = (lookup as Lookup<KeyRecord>.Found)?.Value;
        return hasher.Matches(key, record?.SecretHash) && record!.IsActive(timeProvider.GetUtcNow())
            ? new Authentication.Accepted(record.Caller)
            : Reject(Failures.InvalidKey());
    }

    private static Failure Away() => Failures.Unavailable("authentication_unavailable", "Keys cannot be checked right now.");

    private static Authentication.Rejected Reject(Failure failure) => new(failure);

    private static Purpose PurposeOf(string purpose) => purpose switch
    {
        "ingest" => Purpose.Ingest,
        "query" => Purpose.Query,
        "embedding" => Purpose.Embedding,
        "cache" => Purpose.Cache,
        "rerank" => Purpose.Rerank,
        _ => Purpose.Chat,
    };
}
