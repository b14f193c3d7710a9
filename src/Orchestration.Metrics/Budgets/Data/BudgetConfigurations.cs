using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Budgets.Data;

internal sealed class StoredBudgetConfiguration : IEntityTypeConfiguration<StoredBudget>
{
    public void Configure(EntityTypeBuilder<StoredBudget> builder)
    {
        builder.ToTable("budgets", table => table.HasCheckConstraint("ck_budgets_amount", "amount >= 0"));
        builder.HasKey(budget => budget.Id);
        builder.Property(budget => budget.Id).ValueGeneratedNever();
        builder.Property(budget => budget.Scope).HasConversion<string>();
        builder.Property(budget => budget.Period).HasConversion<string>();
        builder.Property(budget => budget.Amount).HasPrecision(30, 15);
        builder.Property(budget => budget.Version).IsConcurrencyToken();
        builder.Ignore(budget => budget.Calendar);
        builder.HasIndex(budget => new { budget.TenantId, budget.Id });
    }
}

internal sealed class StoredPeriodConfiguration : IEntityTypeConfiguration<StoredPeriod>
{
    // The books balance whatever the code does: a grant never touches the excess, so none can pass the amount.
    private const string Balance =
        "leased >= 0 AND suspended >= 0 AND spent >= 0 AND simulated >= 0 AND late >= 0 AND excess >= 0 "
        + "AND spent + simulated + leased + suspended <= amount + excess";

    public void Configure(EntityTypeBuilder<StoredPeriod> builder)
    {
        builder.ToTable("budget_periods", table =>
        {
            table.HasCheckConstraint("ck_budget_periods_balance", Balance);
            table.HasCheckConstraint("ck_budget_periods_bounds", "ends_at > starts_at");
        });
        builder.HasKey(period => new { period.BudgetId, period.StartsAt });
        builder.HasOne<StoredBudget>().WithMany().HasForeignKey(period => period.BudgetId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(period => period.Amount).HasPrecision(30, 15);
        builder.Property(period => period.Spent).HasPrecision(30, 15);
        builder.Property(period => period.Simulated).HasPrecision(30, 15);
        builder.Property(period => period.Leased).HasPrecision(30, 15);
        builder.Property(period => period.Suspended).HasPrecision(30, 15);
        builder.Property(period => period.Late).HasPrecision(30, 15);
        builder.Property(period => period.Excess).HasPrecision(30, 15);
    }
}

internal sealed class StoredLeaseConfiguration : IEntityTypeConfiguration<StoredLease>
{
    public void Configure(EntityTypeBuilder<StoredLease> builder)
    {
        builder.ToTable("budget_leases", table =>
        {
            table.HasCheckConstraint("ck_budget_leases_amounts", "amount >= 0 AND used >= 0");
            table.HasCheckConstraint("ck_budget_leases_state", "state IN ('active', 'suspended', 'closed')");
        });
        builder.HasKey(lease => lease.Id);
        builder.Property(lease => lease.Id).ValueGeneratedNever();
        builder.Property(lease => lease.Amount).HasPrecision(30, 15);
        builder.Property(lease => lease.Used).HasPrecision(30, 15);
        builder.HasOne<StoredPeriod>().WithMany()
            .HasForeignKey(lease => new { lease.BudgetId, lease.PeriodStartsAt }).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(lease => new { lease.BudgetId, lease.PeriodStartsAt, lease.Holder, lease.FirstSequence }, "ix_budget_leases_held")
            .IsUnique().HasFilter("state <> 'closed' AND drain_through IS NULL").HasDatabaseName("ix_budget_leases_held");
        builder.HasIndex(lease => lease.ExpiresAt, "ix_budget_leases_open")
            .HasFilter("state <> 'closed'").HasDatabaseName("ix_budget_leases_open");
    }
}

internal sealed class StoredCrossingConfiguration : IEntityTypeConfiguration<StoredCrossing>
{
    public void Configure(EntityTypeBuilder<StoredCrossing> builder)
    {
        builder.ToTable("budget_crossings");
        builder.HasKey(crossing => new { crossing.BudgetId, crossing.PeriodStartsAt, crossing.Percent });
        builder.Property(crossing => crossing.Spent).HasPrecision(30, 15);
        builder.Property(crossing => crossing.Amount).HasPrecision(30, 15);
        builder.HasIndex(crossing => crossing.CrossedAt, "ix_budget_crossings_untold")
            .HasFilter("published_at IS NULL").HasDatabaseName("ix_budget_crossings_untold");
    }
}

internal sealed class OutboxRangeConfiguration : IEntityTypeConfiguration<OutboxRange>
{
    public void Configure(EntityTypeBuilder<OutboxRange> builder)
    {
        builder.ToTable("outbox_ranges");
        builder.HasKey(range => new { range.Instance, range.FirstSequence });
    }
}

internal sealed class OutboxTurnoverConfiguration : IEntityTypeConfiguration<OutboxTurnover>
{
    public void Configure(EntityTypeBuilder<OutboxTurnover> builder)
    {
        builder.ToTable("outbox_turnovers");
        builder.HasKey(turnover => new { turnover.Instance, turnover.Sequence });
    }
}
