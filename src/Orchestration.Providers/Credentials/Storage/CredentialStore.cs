using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Pricing;
using Orchestration.Providers.Data;

namespace Orchestration.Providers.Credentials.Storage;

/// <summary>The stored keys, still sealed.</summary>
internal sealed class CredentialStore(IDbContextFactory<ProvidersDbContext> contexts)
{
    /// <summary>A cheap mark that changes with every write, however writers overlap: a change that commits late still raises the sum.</summary>
    public async Task<string> ReadMarkAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<string>($"""SELECT count(*) || ':' || coalesce(sum(version), 0) AS "Value" FROM credentials""").SingleAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<StoredCredential>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Credentials.AsNoTracking().OrderBy(c => c.Provider).ThenBy(c => c.Region).ThenBy(c => c.CreatedAt).ThenBy(c => c.Id).ToListAsync(cancellationToken);
    }

    /// <summary>True when another row of the vendor and region holds a secret with one of the fingerprints.</summary>
    public async Task<bool> HoldsAsync(RowIdentity row, IReadOnlyList<byte[]> fingerprints, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Credentials.AnyAsync(
            c => c.Provider == row.Provider && c.Region == row.Region && c.Id != row.Id && fingerprints.Contains(c.Fingerprint),
            cancellationToken);
    }

    /// <returns>False when the same secret was stored at the same time.</returns>
    public async Task<bool> AddAsync(StoredCredential credential, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(credential);
        return await SaveAsync(db, cancellationToken);
    }

    /// <summary>Changes a row as it is at that moment.</summary>
    /// <returns>The row; null when there is none, or when the change gave it a secret that another row holds.</returns>
    public async Task<StoredCredential?> ChangeAsync(Guid id, Action<StoredCredential> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.Credentials.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } row) return null;
            change(row);
            try
            {
                return await SaveAsync(db, cancellationToken) ? row : null;
            }
            catch (DbUpdateConcurrencyException)
            {
                // Somebody else wrote first: his change is the ground for ours.
            }
        }
    }

    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Credentials.Where(c => c.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>Writes what attempts have found out, unless the secret was replaced or an operator has switched the key off.</summary>
    public async Task SetStateAsync(
        (Guid Id, byte[] Nonce) row, CredentialStatus status, string reason, DateTimeOffset? retryAt, DateTimeOffset changedAt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Credentials.Where(c => c.Id == row.Id && c.Nonce == row.Nonce && c.Status != CredentialStatus.Disabled).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Status, status).SetProperty(c => c.Reason, reason).SetProperty(c => c.RetryAt, retryAt).SetProperty(c => c.ChangedAt, changedAt),
            cancellationToken);
    }

    public async Task SetBalanceAsync((Guid Id, byte[] Nonce) row, Money balance, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Credentials.Where(c => c.Id == row.Id && c.Nonce == row.Nonce).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Balance, balance.Amount).SetProperty(c => c.BalanceCurrency, balance.Currency).SetProperty(c => c.BalanceAt, readAt),
            cancellationToken);
    }

    private static async Task<bool> SaveAsync(ProvidersDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }
}
