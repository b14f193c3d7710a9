using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

/// <summary>Captured prompts and answers as a table.</summary>
internal static class CaptureModel
{
    private const int EndUserLength = 64;

    public static void Configure(ModelBuilder modelBuilder) => modelBuilder.Entity<CapturedRow>(row =>
    {
        row.ToTable("captured_payloads");
        row.HasKey(r => new { r.TenantId, r.RequestId });
        row.Property(r => r.TenantId).HasMaxLength(AccountModel.IdLength);
        row.Property(r => r.ProjectId).HasMaxLength(AccountModel.IdLength);
        row.Property(r => r.EndUser).HasMaxLength(EndUserLength);
        row.HasIndex(r => new { r.TenantId, r.EndUser });
        row.HasIndex(r => r.ExpiresAt);
        row.HasOne<Tenant>().WithMany().HasForeignKey(r => r.TenantId);
    });
}
