using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Rollups;

// The key of each table begins with what every report asks for, tenant and period, so that a report reads one range of it.
internal sealed class UsageSliceConfiguration : IEntityTypeConfiguration<UsageSlice>
{
    public void Configure(EntityTypeBuilder<UsageSlice> builder)
    {
        builder.ToRollupTable("usage_slices");
        builder.HasKey(row => new { row.TenantId, row.Dimension, row.Grain, row.Bucket, row.Value, row.Detail, row.Currency, row.Simulated });
        builder.Property(row => row.Cost).HasPrecision(30, 15);
        builder.Property(row => row.Saved).HasPrecision(30, 15);
        builder.Property(row => row.Billed).HasPrecision(30, 15);
    }
}

internal sealed class UsageCellConfiguration : IEntityTypeConfiguration<UsageCell>
{
    public void Configure(EntityTypeBuilder<UsageCell> builder)
    {
        builder.ToRollupTable("usage_cells");
        builder.HasKey(row => new
        {
            row.TenantId,
            row.Bucket,
            row.ProjectId,
            row.KeyId,
            row.Provider,
            row.Model,
            row.Route,
            row.RequestClass,
            row.Purpose,
            row.Currency,
            row.Simulated,
        });
        builder.Property(row => row.Cost).HasPrecision(30, 15);
        builder.Property(row => row.Saved).HasPrecision(30, 15);
        builder.Property(row => row.Billed).HasPrecision(30, 15);
    }
}

internal sealed class UsageFailureConfiguration : IEntityTypeConfiguration<UsageFailure>
{
    public void Configure(EntityTypeBuilder<UsageFailure> builder)
    {
        builder.ToRollupTable("usage_failures");
        builder.HasKey(row => new { row.TenantId, row.Bucket, row.OfAttempts, row.Code, row.ProjectId, row.KeyId, row.Provider, row.Model, row.Simulated });
    }
}

internal sealed class ProviderCostConfiguration : IEntityTypeConfiguration<ProviderCost>
{
    public void Configure(EntityTypeBuilder<ProviderCost> builder)
    {
        builder.ToRollupTable("provider_costs");
        builder.HasKey(row => new { row.TenantId, row.Bucket, row.Provider, row.Model, row.CostCurrency, row.Currency, row.Simulated });
        builder.Property(row => row.Cost).HasPrecision(30, 15);
        builder.Property(row => row.Billed).HasPrecision(30, 15);
    }
}

internal sealed class LatencySketchConfiguration : IEntityTypeConfiguration<LatencySketch>
{
    public void Configure(EntityTypeBuilder<LatencySketch> builder)
    {
        builder.ToRollupTable("latency_sketches");
        builder.HasKey(row => new { row.TenantId, row.Dimension, row.Grain, row.Bucket, row.Value, row.Detail, row.Simulated, row.Measure });
    }
}

internal static class RollupTables
{
    public static void ToRollupTable<TRow>(this EntityTypeBuilder<TRow> builder, string name)
        where TRow : class
    {
        // Room in each page for the next version of a row: rows of the present change all the time.
        builder.ToTable(name).HasStorageParameter("fillfactor", 70);
        foreach (var property in builder.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
            property.SetCollation("C");
    }
}
