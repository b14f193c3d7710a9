using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

/// <summary>The semantic cache as tables.</summary>
internal static class SemanticModel
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("vector");
        modelBuilder.Entity<SemanticEntry>(entry =>
        {
            entry.ToTable("semantic_entries");
            entry.HasKey(e => new { e.TenantId, e.Partition, e.EntryId });
            entry.Property(e => e.TenantId).HasMaxLength(AccountModel.IdLength);
            entry.Property(e => e.ProjectId).HasMaxLength(AccountModel.IdLength);
            // Half of the digits tell neighbours apart as well, and a row fits its page.
            entry.Property(e => e.Embedding).HasColumnType("halfvec");
            entry.HasIndex(e => new { e.TenantId, e.Route });
            entry.HasIndex(e => e.ExpiresAt);
            entry.HasOne<Tenant>().WithMany().HasForeignKey(e => e.TenantId);
        });
        modelBuilder.Entity<SemanticSample>(sample =>
        {
            sample.ToTable("semantic_samples");
            sample.HasKey(s => new { s.TenantId, s.Partition, s.RequestId });
            sample.Property(s => s.TenantId).HasMaxLength(AccountModel.IdLength);
            sample.Property(s => s.ProjectId).HasMaxLength(AccountModel.IdLength);
            sample.HasIndex(s => new { s.TenantId, s.RequestId });
            sample.HasIndex(s => s.At);
            sample.HasOne<Tenant>().WithMany().HasForeignKey(s => s.TenantId);
        });
    }
}
