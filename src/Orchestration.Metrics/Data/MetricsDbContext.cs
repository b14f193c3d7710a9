using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Reconciliation.Data;
using Orchestration.Metrics.Recovery;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Data;

/// <summary>The ledger as it is read; it is written by <c>LedgerWriter</c> in bulk statements.</summary>
internal sealed class MetricsDbContext(DbContextOptions<MetricsDbContext> options) : DbContext(options)
{
    public DbSet<LedgerRequest> Requests => Set<LedgerRequest>();

    public DbSet<LedgerAttempt> Attempts => Set<LedgerAttempt>();

    public DbSet<QuarantinedEvent> QuarantinedEvents => Set<QuarantinedEvent>();

    public DbSet<StoredAlert> Alerts => Set<StoredAlert>();

    public DbSet<StoredChannel> AlertChannels => Set<StoredChannel>();

    public DbSet<StoredRule> AlertRules => Set<StoredRule>();

    public DbSet<AlertNotice> AlertNotices => Set<AlertNotice>();

    public DbSet<UsageSlice> UsageSlices => Set<UsageSlice>();

    public DbSet<UsageCell> UsageCells => Set<UsageCell>();

    public DbSet<UsageFailure> UsageFailures => Set<UsageFailure>();

    public DbSet<ProviderCost> ProviderCosts => Set<ProviderCost>();

    public DbSet<LatencySketch> LatencySketches => Set<LatencySketch>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new LedgerRequestConfiguration())
            .ApplyConfiguration(new LedgerAttemptConfiguration())
            .ApplyConfiguration(new QuarantinedEventConfiguration())
            .ApplyConfiguration(new StoredAlertConfiguration())
            .ApplyConfiguration(new StoredChannelConfiguration())
            .ApplyConfiguration(new StoredRuleConfiguration())
            .ApplyConfiguration(new AlertNoticeConfiguration())
            .ApplyConfiguration(new UsageSliceConfiguration())
            .ApplyConfiguration(new UsageCellConfiguration())
            .ApplyConfiguration(new UsageFailureConfiguration())
            .ApplyConfiguration(new ProviderCostConfiguration())
            .ApplyConfiguration(new LatencySketchConfiguration())
            .ApplyConfiguration(new LedgerRecoveryConfiguration())
            .ApplyConfiguration(new StoredRunConfiguration())
            .ApplyConfiguration(new StoredFindingConfiguration())
            .ApplyConfiguration(new StoredOutboxGapConfiguration())
            .ApplyConfiguration(new StoredInvoiceConfiguration())
            .ApplyConfiguration(new StoredInvoiceLineConfiguration());
}
