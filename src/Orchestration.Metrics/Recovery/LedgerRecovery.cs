using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Recovery;

/// <summary>One row of <c>recoveries</c>: a request that the ledger settled from its attempts.</summary>
internal sealed class LedgerRecovery
{
    public Guid RequestId { get; init; }

    /// <summary>The second witness as it was then; while it is the same, the request follows its attempts.</summary>
    public Guid? CompletedEventId { get; init; }
    public DateTimeOffset RecoveredAt { get; init; }

    /// <summary>When an attempt that arrived later last moved the cost; null when none did.</summary>
    public DateTimeOffset? MovedAt { get; init; }
}

internal sealed class LedgerRecoveryConfiguration : IEntityTypeConfiguration<LedgerRecovery>
{
    public void Configure(EntityTypeBuilder<LedgerRecovery> builder)
    {
        builder.ToTable("recoveries");
        builder.HasKey(recovery => recovery.RequestId);
        builder.Property(recovery => recovery.RequestId).ValueGeneratedNever();
        builder.HasIndex(recovery => recovery.RecoveredAt);
    }
}
