using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Gateway.Authentication;

/// <summary>Finds out on whose account a request runs. What cannot be found out is refused.</summary>
internal sealed class ClientAuthenticator(
    AccountDirectory accounts, SecretHasher hasher, FailedAttempts attempts, KeyUses uses, TimeProvider timeProvider)
{
    private const int ShortestForeignKey = 16;
    private const int LongestForeignKey = 256;
    private static readonly SearchValues<char> ForeignKeyCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~+/=");

    /// <summary>A client with its key.</summary>
    public async ValueTask<AuthenticationOutcome> AuthenticateClientAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var address = request.HttpContext.Connection.RemoteIpAddress;
        return CredentialExtractor.Find(request) switch
        {
            CredentialSearch.Found found => await CheckAsync(found.Credential, address, cancellationToken),
            CredentialSearch.Refused refused => Reject(Failures.Invalid("ambiguous_credentials", refused.Reason)),
            _ => Reject(Failures.MissingKey()),
        };
    }

    /// <summary>Another service of the system, acting for the tenant in its verified token.</summary>
    public async ValueTask<AuthenticationOutcome> AuthenticateServiceAsync(ServiceCaller service, CancellationToken cancellationToken) =>
        await accounts.FindTenantAsync(service.TenantId, cancellationToken) switch
        {
            Lookup<TenantRecord>.Found { Value.Suspended: true } => Reject(TenantSuspended()),
            Lookup<TenantRecord>.Found found => new AuthenticationOutcome.Accepted(found.Value.Caller with { Purpose = PurposeOf(service.Purpose) }),
            Lookup<TenantRecord>.Unavailable => Reject(Away()),
            _ => Reject(Failures.Invalid("unknown_tenant", "The tenant of the service identity does not exist.")),
        };

    private async ValueTask<AuthenticationOutcome> CheckAsync(string credential, IPAddress? address, CancellationToken cancellationToken)
    {
        if (ApiKey.TryParse(credential) is { } key)
        {
            if (!accounts.KnowsKey(key.PublicId) && attempts.IsTooMany(address))
                return Reject(Failures.TooManyFailedAttempts());
            var lookup = await accounts.FindKeyAsync(key.PublicId, cancellationToken);
            // The hash is computed for a key that nobody has, too, so that both take the same time.
            return Judge(lookup, address, record => hasher.Matches(key, record?.SecretHash, record?.PreviousHashAt(timeProvider.GetUtcNow())));
        }

        if (!CouldBeForeign(credential))
            return Fail(address);
        var hash = hasher.HashOfImported(SHA256.HashData(Encoding.ASCII.GetBytes(credential)));
        if (!accounts.KnowsImportedKey(hash) && attempts.IsTooMany(address))
            return Reject(Failures.TooManyFailedAttempts());
        return Judge(await accounts.FindImportedKeyAsync(hash, cancellationToken), address, record => record is not null);
    }

    private AuthenticationOutcome Judge(Lookup<KeyRecord> lookup, IPAddress? address, Func<KeyRecord?, bool> matches)
    {
        if (lookup is Lookup<KeyRecord>.Unavailable)
            return Reject(Away());
        var record = (lookup as Lookup<KeyRecord>.Found)?.Value;
        if (!matches(record) || record!.IsRevoked)
            return Fail(address);
        // From here on the client has proved that the key is its own, and may know what is wrong with it.
        if (Refuse(record, address) is { } refused)
            return Reject(refused);
        uses.Touch(record.Caller);
        return new AuthenticationOutcome.Accepted(record.Caller);
    }

    private Failure? Refuse(KeyRecord record, IPAddress? address)
    {
        var now = timeProvider.GetUtcNow();
        if (!record.HasBegun(now) || record.HasEnded(now))
            return Failures.KeyOutOfTime(begun: record.HasBegun(now));
        if (record.TenantSuspended)
            return TenantSuspended();
        if (record.ProjectSuspended)
            return Failures.PermissionDenied("project_suspended", "The project of this API key is suspended.");
        return record.Caller.Access.AllowsAddress(address)
            ? null
            : Failures.PermissionDenied("address_not_allowed", "The API key may not be used from this address.");
    }

    private AuthenticationOutcome.Rejected Fail(IPAddress? address)
    {
        attempts.Failed(address);
        return Reject(Failures.InvalidKey());
    }

    // Keys of other gateways have any form; ours never get here with a wrong checksum.
    private static bool CouldBeForeign(string credential) =>
        credential.Length is >= ShortestForeignKey and <= LongestForeignKey
        && !credential.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
        && !credential.AsSpan().ContainsAnyExcept(ForeignKeyCharacters);

    private static Failure TenantSuspended() => Failures.PermissionDenied("tenant_suspended", "The tenant of this API key is suspended.");

    private static Failure Away() => Failures.Unavailable("authentication_unavailable", "Keys cannot be checked right now.");

    private static AuthenticationOutcome.Rejected Reject(Failure failure) => new(failure);

    private static Purpose PurposeOf(string name) => PurposeNames.Parse(name) is var purpose and not Purpose.Unspecified ? purpose : Purpose.Chat;
}
