using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Data;

internal sealed class LedgerAttemptConfiguration : IEntityTypeConfiguration<LedgerAttempt>
{
    public void Configure(EntityTypeBuilder<LedgerAttempt> builder)
    {
        builder.ToTable("attempts");
        builder.HasKey(attempt => attempt.Id);
        builder.Property(attempt => attempt.Id).ValueGeneratedNever();
        builder.Property(attempt => attempt.Tags).HasColumnType("jsonb");
        builder.Property(attempt => attempt.Price).HasColumnType("jsonb");
        builder.Property(attempt => attempt.Rate).HasPrecision(30, 15);
        builder.Property(attempt => attempt.Reserved).HasPrecision(30, 15);
        builder.Property(attempt => attempt.RecordedAt).HasDefaultValueSql("now()");
        builder.Property(attempt => attempt.Cost).HasPrecision(30, 15);
        builder.Property(attempt => attempt.Billed).HasPrecision(30, 15);
        builder.HasIndex(attempt => new { attempt.TenantId, attempt.RequestId });
        builder.HasIndex(attempt => attempt.RequestId, "ix_attempts_open").HasFilter("finished_event_id IS NULL AND settlement IS NULL").HasDatabaseName("ix_attempts_open");
    }
}
