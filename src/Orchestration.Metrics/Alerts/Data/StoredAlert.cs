using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Alerts.Data;

/// <summary>One row of <c>alerts</c>.</summary>
internal sealed class StoredAlert
{
    public required Guid Id { get; init; }

    /// <summary>What makes it the same alert as another; at most one of a key is open.</summary>
    public required string DedupeKey { get; init; }
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public required string TenantId { get; init; }
    public required AlertSeverity Severity { get; set; }
    public required Dictionary<string, string> Facts { get; set; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When it ends by itself unless its cause is seen again; null means never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public required long Count { get; set; }
    public DateTimeOffset? AcknowledgedAt { get; set; }
    public DateTimeOffset? SilencedUntil { get; set; }
}

internal sealed class StoredAlertConfiguration : IEntityTypeConfiguration<StoredAlert>
{
    public void Configure(EntityTypeBuilder<StoredAlert> builder)
    {
        builder.ToTable("alerts");
        builder.Property(alert => alert.Id).ValueGeneratedNever();
        builder.Property(alert => alert.Facts).HasColumnType("jsonb").HasConversion(FactsJson.Converter, FactsJson.Comparer);
        builder.HasIndex(alert => alert.DedupeKey).IsUnique().HasFilter("resolved_at IS NULL").HasDatabaseName("ix_alerts_open");
        builder.HasIndex(alert => new { alert.DedupeKey, alert.ResolvedAt });
        builder.HasIndex(alert => new { alert.TenantId, alert.Id }).IsDescending(false, true);
    }
}
