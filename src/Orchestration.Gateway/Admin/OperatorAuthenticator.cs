using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
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
    private readonly TimeProvider _timeProvider;
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
        _timeProvider = timeProvider;
        _keys = new LookupCache<OperatorKey>(LoadAsync, options.Value, timeProvider);
    }

    /// <summary>Who calls, or why nobody does.</summary>
    public async ValueTask<OperatorAdmission> AdmitAsync(HttpRequest request, CancellationToken cancellationToken) =>
        CredentialExtractor.Find(request) switch
        {
            CredentialSearch.Found { Credential.Length: > LongestSecret } => Wrong(),
            CredentialSearch.Found found when found.Credential.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) =>
                ApiKey.TryParse(found.Credential) is { } key ? await AdmitKeyAsync(key, cancellationToken) : Wrong(),
            CredentialSearch.Found found => await AdmitSessionAsync(found.Credential, cancellationToken),
            CredentialSearch.Refused refused => new OperatorAdmission.Refused(Failures.Invalid("ambiguous_credentials", refused.Reason)),
            _ => Wrong(),
        };

    /// <summary>The operator of a whole key.</summary>
    public async ValueTask<OperatorAdmission> AdmitKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        await _keys.GetAsync(key.PublicId, cancellationToken) switch
        {
            // The hash is computed for a key that nobody has, too, so that both take the same time.
            Lookup<OperatorKey>.Unavailable => Away(),
            var lookup => (lookup as Lookup<OperatorKey>.Found)?.Value is var known && _hasher.Matches(key, known?.SecretHash) ? Admit(known!) : Wrong(),
        };

    /// <summary>Drops what this process knows of an operator that has changed.</summary>
    public void Forget(string operatorId) => _keys.Forget(operatorId);

    /// <summary>Drops all that this process knows of operators.</summary>
    public void ForgetAll() => _keys.ForgetAll();

    private async ValueTask<OperatorAdmission> AdmitSessionAsync(string secret, CancellationToken cancellationToken)
    {
        var lookup = await _sessions.FindAsync(secret, cancellationToken);
        if (lookup is not Lookup<OperatorSession>.Found { Value: var session })
            return lookup is Lookup<OperatorSession>.Unavailable ? Away() : Wrong();
        if (session.OperatorId.Length == 0)
            return new OperatorAdmission.Admitted(OperatorIdentity.Bootstrap);
        // What an operator may do is looked up with each call, so that a session never knows more than its operator's present role.
        return await _keys.GetAsync(session.OperatorId, cancellationToken) switch
        {
            Lookup<OperatorKey>.Found found => Admit(found.Value),
            Lookup<OperatorKey>.Unavailable => Away(),
            _ => Wrong(),
        };
    }

    private OperatorAdmission Admit(OperatorKey key) =>
        key.Status == KeyStatus.Active && (key.ExpiresAt is null || _timeProvider.GetUtcNow() < key.ExpiresAt)
            ? new OperatorAdmission.Admitted(new OperatorIdentity(key.PublicId, key.Name, key.Role, key.TenantId))
            : Wrong();

    private static OperatorAdmission.Refused Away() =>
        new(Failures.Unavailable("authentication_unavailable", "Credentials cannot be checked right now."));

    private static OperatorAdmission.Refused Wrong()
    {
        var failure = Failures.InvalidKey();
        failure.Code = "invalid_credential";
        failure.Message = "An admin key or an operator session is required.";
        return new OperatorAdmission.Refused(failure);
    }

    private async Task<OperatorKey?> LoadAsync(string publicId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.OperatorKeys.AsNoTracking().SingleOrDefaultAsync(key => key.PublicId == publicId, cancellationToken);
    }
}

/// <summary>Whether a call of the admin API is let in.</summary>
internal abstract record OperatorAdmission
{
    private OperatorAdmission()
    {
    }

    public sealed record Admitted(OperatorIdentity Operator) : OperatorAdmission;

    public sealed record Refused(Contracts.Errors.V1.Failure Failure) : OperatorAdmission;
}
