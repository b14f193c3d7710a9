using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Serving;

namespace Orchestration.Routing.Data;

/// <summary>Stores versions and makes one of them the active one. Texts of a version never change.</summary>
internal sealed class PolicyBook(IDbContextFactory<RoutingDbContext> contexts, StateSource source, TimeProvider timeProvider)
{
    /// <summary>A version; 0 asks for the active one. Null when there is none.</summary>
    public async Task<PolicyRow?> FindAsync(long version, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Policies.AsNoTracking().SingleOrDefaultAsync(p => version == 0 ? p.Active : p.Version == version, cancellationToken);
    }

    /// <summary>Stores checked texts; what was stored before is the version that it was.</summary>
    public async Task<PolicyRow> StoreAsync(PolicyTexts texts, string label, string author, string comment, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await LockAsync(db, cancellationToken);
        var hash = texts.Hash();
        if (await db.Policies.AsNoTracking().SingleOrDefaultAsync(p => p.Hash == hash, cancellationToken) is { } known) return known;
        var row = new PolicyRow
        {
            Yaml = texts.Installation,
            Overlays = JsonSerializer.Serialize(texts.Overlays),
            Hash = hash,
            Label = label,
            Source = author,
            Comment = comment,
            CreatedAt = timeProvider.GetUtcNow(),
        };
        db.Policies.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>Makes a version active when the expected one is; null when another one is.</summary>
    public async Task<PolicyActivationRow?> ActivateAsync(long version, long expected, string author, string comment, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await LockAsync(db, cancellationToken);
        var active = await db.Policies.Where(p => p.Active).Select(p => p.Version).SingleOrDefaultAsync(cancellationToken);
        if (active != expected) return null;
        await db.Policies.Where(p => p.Active).ExecuteUpdateAsync(set => set.SetProperty(p => p.Active, false), cancellationToken);
        await db.Policies.Where(p => p.Version == version).ExecuteUpdateAsync(set => set.SetProperty(p => p.Active, true), cancellationToken);
        var row = new PolicyActivationRow { Version = version, PreviousVersion = active, Author = author, Comment = comment, ActivatedAt = timeProvider.GetUtcNow() };
        db.PolicyActivations.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        source.Changed.Raise();
        return row;
    }

    // Two changes at once would each be made without the other.
    private static async Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> LockAsync(RoutingDbContext db, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('policy_book'))", cancellationToken);
        return transaction;
    }
}
