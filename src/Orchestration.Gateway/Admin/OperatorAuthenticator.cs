using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Admin;

/// <summary>Lets operators in: by the admin key or by a session. No client key is ever looked up here.</summary>
internal sealed class OperatorAuthenticator
{
    private const int LongestSecret = 128;

    private readonly IDbContextFactory<GatewayDbContext> _contexts;
    private readonly OperatorSessions _sessions;
    private readonly SecretHasher _hasher;
    private readonly LookupCache<OperatorKey> _keys;

    public OperatorAuthenticator(
        IDbContextFactory<GatewayDbContext> contexts,
        OperatorSessions sessions,
        SecretHasher hasher,
        IOptions<KeyOptions> options,
        TimeProvider timeProvider)
    {
        _contexts = contexts;
        _sessions = sessions;
        _hasher = hasher;
        _keys = new LookupCache<OperatorKey>(LoadAsync, options.Value, timeProvider);
    }

    /// <summary>Null when the caller is an operator, otherwise why not.</summary>
    public async ValueTask<Failure?> RefuseAsync(HttpRequest request, CancellationToken cancellationToken) =>
        CredentialExtractor.Find(request) switch
        {
            CredentialSearch.Found { Credential.Length: > LongestSecret } => Wrong(),
            CredentialSearch.Found found when found.Credential.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) =>
                await RefuseKeyAsync(found.Credential, cancellationToken),
            CredentialSearch.Found found => Judge(await _sessions.FindAsync(found.Credential, cancellationToken), _ => true),
            CredentialSearch.Refused refused => Failures.Invalid("ambiguous_credentials", refused.Reason),
            _ => Wrong(),
        };

    private async ValueTask<Failure?> RefuseKeyAsync(string credential, CancellationToken cancellationToken)
    {
        if (ApiKey.TryParse(credential) is not { } key)
            return Wrong();
        var lookup = await _keys.GetAsync(key.PublicId, cancellationToken);
        return Judge(lookup, known => _hasher.Matches(key, known.SecretHash) && known.Status == KeyStatus.Active);
    }

    private static Failure? Judge<TValue>(Lookup<TValue> lookup, Func<TValue, bool> isGood) => lookup switch
    {
        Lookup<TValue>.Found found => isGood(found.Value) ? null : Wrong(),
        Lookup<TValue>.Unavailable => Failures.Unavailable("authentication_unavailable", "Credentials cannot be checked right now."),
        _ => Wrong(),
    };

    private static Failure Wrong()
    {
        var failure = Failures.InvalidKey();
        failure.Code = "invalid_credential";
        failure.Message = "An admin key or an operator session is required.";
        return failure;
    }

    private async Task<OperatorKey?> LoadAsync(string publicId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.OperatorKeys.AsNoTracking().SingleOrDefaultAsync(key => key.PublicId == publicId, cancellationToken);
    }
}
