using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Feedback;
using Orchestration.Metrics.Repricing;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Data;

/// <summary>The ledger as it is read; it is written by <c>LedgerWriter</c> in bulk statements.</summary>
internal sealed class MetricsDbContext(DbContextOptions<MetricsDbContext> options) : DbContext(options)
{
    public DbSet<LedgerRequest> Requests => Set<LedgerRequest>();

    public DbSet<LedgerAttempt> Attempts => Set<LedgerAttempt>();

    public DbSet<QuarantinedEvent> QuarantinedEvents => Set<QuarantinedEvent>();

    public DbSet<RequestFeedback> Feedback => Set<RequestFeedback>();

    public DbSet<StoredAlert> Alerts => Set<StoredAlert>();

    public DbSet<StoredChannel> AlertChannels => Set<StoredChannel>();

    public DbSet<StoredRule> AlertRules => Set<StoredRule>();

    public DbSet<AlertNotice> AlertNotices => Set<AlertNotice>();

    public DbSet<UsageSlice> UsageSlices => Set<UsageSlice>();

    public DbSet<UsageCell> UsageCells => Set<UsageCell>();

    public DbSet<UsageFailure> UsageFailures => Set<UsageFailure>();

    public DbSet<ProviderCost> ProviderCosts => Set<ProviderCost>();

    public DbSet<LatencySketch> LatencySketches => Set<LatencySketch>();

    public DbSet<RepricingRow> Repricings => Set<RepricingRow>();

    public DbSet<RepricedAttempt> RepricedAttempts => Set<RepricedAttempt>();

    public DbSet<AdjustmentRow> Adjustments => Set<AdjustmentRow>();

    public DbSet<ClosedMonthRow> ClosedMonths => Set<ClosedMonthRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MetricsDbContext).Assembly);
}
