using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Repricing;

namespace Orchestration.Metrics.Data;

/// <summary>The ledger as it is read; it is written by <c>LedgerWriter</c> in bulk statements.</summary>
internal sealed class MetricsDbContext(DbContextOptions<MetricsDbContext> options) : DbContext(options)
{
    public DbSet<LedgerRequest> Requests => Set<LedgerRequest>();

    public DbSet<LedgerAttempt> Attempts => Set<LedgerAttempt>();

    public DbSet<QuarantinedEvent> QuarantinedEvents => Set<QuarantinedEvent>();

    public DbSet<RepricingRow> Repricings => Set<RepricingRow>();

    public DbSet<RepricedAttempt> RepricedAttempts => Set<RepricedAttempt>();

    public DbSet<AdjustmentRow> Adjustments => Set<AdjustmentRow>();

    public DbSet<ClosedMonthRow> ClosedMonths => Set<ClosedMonthRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder
            .ApplyConfiguration(new LedgerRequestConfiguration())
            .ApplyConfiguration(new LedgerAttemptConfiguration())
            .ApplyConfiguration(new QuarantinedEventConfiguration());
        RepricingConfigurations.Apply(modelBuilder);
    }
}
