using Microsoft.EntityFrameworkCore;

namespace Orchestration.Metrics.Data;

/// <summary>The ledger as it is read; it is written by <c>LedgerWriter</c> in bulk statements.</summary>
internal sealed class MetricsDbContext(DbContextOptions<MetricsDbContext> options) : DbContext(options)
{
    public DbSet<LedgerRequest> Requests => Set<LedgerRequest>();

    public DbSet<LedgerAttempt> Attempts => Set<LedgerAttempt>();

    public DbSet<QuarantinedEvent> QuarantinedEvents => Set<QuarantinedEvent>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new LedgerRequestConfiguration())
            .ApplyConfiguration(new LedgerAttemptConfiguration())
            .ApplyConfiguration(new QuarantinedEventConfiguration());
}
