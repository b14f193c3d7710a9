using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Data;

internal sealed class LedgerRequestConfiguration : IEntityTypeConfiguration<LedgerRequest>
{
    public void Configure(EntityTypeBuilder<LedgerRequest> builder)
    {
        builder.ToTable("requests");
        builder.HasKey(request => request.Id);
        builder.Property(request => request.Id).ValueGeneratedNever();
        builder.Property(request => request.Tags).HasColumnType("jsonb");
        builder.Property(request => request.LeaseSlices).HasColumnType("jsonb");
        builder.Property(request => request.Reserved).HasPrecision(30, 15);
        builder.Property(request => request.RecordedAt).HasDefaultValueSql("now()");
        builder.Property(request => request.Cost).HasPrecision(30, 15);
        builder.Property(request => request.Baseline).HasPrecision(30, 15);
        builder.HasIndex(request => new { request.TenantId, request.Id }).IsDescending(false, true);
        builder.HasIndex(request => new { request.TenantId, request.Id }, "ix_requests_open").HasFilter("completed_event_id IS NULL AND settlement IS NULL").HasDatabaseName("ix_requests_open");
        builder.HasIndex(request => request.Id, "ix_requests_unsummed").HasFilter("settlement = 'estimated' AND cost = 0").HasDatabaseName("ix_requests_unsummed");
        builder.HasIndex(request => new { request.TenantId, request.EndUser, request.Id }, "ix_requests_end_user").HasFilter("end_user <> ''").HasDatabaseName("ix_requests_end_user");
        builder.HasIndex(request => new { request.TenantId, request.KeyId, request.Id }, "ix_requests_key").HasDatabaseName("ix_requests_key");
        builder.HasIndex(request => new { request.TenantId, request.Settlement, request.Id }, "ix_requests_uncertain").HasFilter("settlement <> 'exact'").HasDatabaseName("ix_requests_uncertain");
        builder.HasIndex(request => new { request.TenantId, request.Id, request.Status }, "ix_requests_failed").HasFilter("status <> 'ok'").HasDatabaseName("ix_requests_failed");
    }
}
