using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

/// <summary>Requests that are not to be run twice, as a table.</summary>
internal static class ReplayModel
{
    public static void Configure(ModelBuilder modelBuilder) => modelBuilder.Entity<IdempotencyClaim>(claim =>
    {
        claim.ToTable("idempotency_claims");
        claim.HasKey(c => new { c.TenantId, c.KeyHash });
        claim.Property(c => c.TenantId).HasMaxLength(AccountModel.IdLength);
        claim.Property(c => c.State).HasMaxLength(AccountModel.StatusLength);
        claim.HasIndex(c => c.ExpiresAt);
        claim.HasOne<Tenant>().WithMany().HasForeignKey(c => c.TenantId);
    });
}
