using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Admin;

/// <summary>Operators' sessions: an opaque secret that is stored hashed, ends when unused, and ends in any case.</summary>
internal sealed class OperatorSessions
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan AbsoluteLimit = TimeSpan.FromHours(12);
    private static readonly TimeSpan UseIsWrittenEvery = TimeSpan.FromMinutes(1);
    private const int SecretBytes = 32;

    private readonly IDbContextFactory<GatewayDbContext> _contexts;
    private readonly TimeProvider _timeProvider;
    private readonly LookupCache<OperatorSession> _sessions;
    private readonly byte[] _signInTokenHash;

    public OperatorSessions(
        IDbContextFactory<GatewayDbContext> contexts,
        IOptions<BootstrapOptions> bootstrap,
        IOptions<KeyOptions> keys,
        TimeProvider timeProvider)
    {
        _contexts = contexts;
        _timeProvider = timeProvider;
        _sessions = new LookupCache<OperatorSession>(LoadAsync, keys.Value, timeProvider);
        _signInTokenHash = bootstrap.Value.SignInToken.Length == 0 ? [] : HashOf(bootstrap.Value.SignInToken);
    }

    /// <summary>True for the token of the printed link.</summary>
    // Hashes, so that neither content nor length of the true token shows in the time that this takes.
    public bool IsSignInToken(string token) => CryptographicOperations.FixedTimeEquals(HashOf(token), _signInTokenHash);

    /// <summary>A new session of the operator who calls.</summary>
    public async Task<(string Secret, DateTimeOffset ExpiresAt)> OpenAsync(AdminCall call, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = _timeProvider.GetUtcNow();
        var session = new OperatorSession
        {
            SessionId = Guid.CreateVersion7(now),
            SecretHash = HashOf(secret),
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + AbsoluteLimit,
            OperatorId = call.Operator.Id == OperatorIdentity.BootstrapId ? "" : call.Operator.Id,
        };
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        context.OperatorSessions.Add(session);
        context.AuditRecords.Add(call.Done(call.Operator.TenantId, $"session:{session.SessionId:D}", null, null));
        await context.SaveChangesAsync(cancellationToken);
        return (secret, session.ExpiresAt);
    }

    /// <summary>Whether a secret opens a session that is still alive.</summary>
    public async ValueTask<Lookup<OperatorSession>> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var lookup = await _sessions.GetAsync(Convert.ToHexString(HashOf(secret)), cancellationToken);
        return lookup is Lookup<OperatorSession>.Found found && !IsAlive(found.Value, _timeProvider.GetUtcNow())
            ? Lookup<OperatorSession>.Nothing
            : lookup;
    }

    /// <summary>Drops all that this process knows of sessions.</summary>
    public void ForgetAll() => _sessions.ForgetAll();

    private async Task<OperatorSession?> LoadAsync(string hashInHex, CancellationToken cancellationToken)
    {
        var hash = Convert.FromHexString(hashInHex);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var session = await context.OperatorSessions.SingleOrDefaultAsync(s => s.SecretHash == hash, cancellationToken);
        var now = _timeProvider.GetUtcNow();
        if (session is null || !IsAlive(session, now))
            return null;
        if (now - session.LastUsedAt >= UseIsWrittenEvery)
        {
            session.LastUsedAt = now;
            await context.SaveChangesAsync(cancellationToken);
        }

        return session;
    }

    private static bool IsAlive(OperatorSession session, DateTimeOffset now) =>
        session.EndedAt is null && now < session.ExpiresAt && now - session.LastUsedAt < IdleLimit;

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
