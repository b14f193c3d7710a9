using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Alerts.Data;

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

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new LedgerRequestConfiguration())
            .ApplyConfiguration(new LedgerAttemptConfiguration())
            .ApplyConfiguration(new QuarantinedEventConfiguration())
            .ApplyConfiguration(new StoredBudgetConfiguration())
            .ApplyConfiguration(new StoredPeriodConfiguration())
            .ApplyConfiguration(new StoredLeaseConfiguration())
            .ApplyConfiguration(new StoredCrossingConfiguration())
            .ApplyConfiguration(new OutboxRangeConfiguration())
            .ApplyConfiguration(new OutboxTurnoverConfiguration())
            .ApplyConfiguration(new StoredAlertConfiguration())
            .ApplyConfiguration(new StoredChannelConfiguration())
            .ApplyConfiguration(new StoredRuleConfiguration())
            .ApplyConfiguration(new AlertNoticeConfiguration());
}
