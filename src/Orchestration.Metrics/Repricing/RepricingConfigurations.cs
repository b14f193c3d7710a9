using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Repricing;

/// <summary>The tables of re-pricing.</summary>
internal sealed class RepricingConfigurations :
    IEntityTypeConfiguration<RepricingRow>, IEntityTypeConfiguration<RepricedAttempt>, IEntityTypeConfiguration<AdjustmentRow>, IEntityTypeConfiguration<ClosedMonthRow>
{
    public void Configure(EntityTypeBuilder<RepricingRow> builder)
    {
        builder.ToTable("repricings").HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Request).HasColumnType("jsonb");
        builder.HasIndex(r => r.State);
    }

    public void Configure(EntityTypeBuilder<RepricedAttempt> builder)
    {
        builder.ToTable("repriced_attempts").HasKey(r => new { r.RepricingId, r.AttemptId });
        builder.Property(r => r.PriceBefore).HasColumnType("jsonb");
        builder.Property(r => r.PriceAfter).HasColumnType("jsonb");
        builder.Property(r => r.CostBefore).HasPrecision(30, 15);
        builder.Property(r => r.CostAfter).HasPrecision(30, 15);
        builder.Property(r => r.BilledBefore).HasPrecision(30, 15);
        builder.Property(r => r.BilledAfter).HasPrecision(30, 15);
        builder.HasIndex(r => new { r.RepricingId, r.State, r.AttemptId });
        builder.HasIndex(r => r.AttemptId);
    }

    public void Configure(EntityTypeBuilder<AdjustmentRow> builder)
    {
        builder.ToTable("adjustments").HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Amount).HasPrecision(30, 15);
        builder.HasIndex(a => new { a.TenantId, a.BelongsTo });
        builder.HasIndex(a => new { a.RepricingId, a.Reversal, a.TenantId, a.ProjectId, a.Provider, a.Model, a.Currency, a.BelongsTo, a.BookedIn }, "ix_adjustments_repricing").IsUnique().HasDatabaseName("ix_adjustments_repricing");
    }

    public void Configure(EntityTypeBuilder<ClosedMonthRow> builder)
    {
        builder.ToTable("closed_months").HasKey(m => new { m.TenantId, m.Month });
        builder.Property(m => m.Totals).HasColumnType("jsonb");
    }
}
