using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

/// <summary>Tenants, projects, keys and end users as tables.</summary>
internal static class AccountModel
{
    public const int IdLength = 64;
    public const int NameLength = 256;
    public const int PublicIdLength = 12;
    public const int StatusLength = 16;
    private const string EveryScope = "'{chat,embeddings,rerank,rag.read:*,rag.write:*}'";

    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tenant>(tenant =>
        {
            tenant.HasKey(t => t.TenantId);
            tenant.Property(t => t.TenantId).HasMaxLength(IdLength);
            tenant.Property(t => t.Name).HasMaxLength(NameLength);
            tenant.Property(t => t.Currency).HasMaxLength(3).IsFixedLength();
            tenant.Property(t => t.TimeZone).HasMaxLength(IdLength).HasDefaultValue("UTC");
            tenant.Property(t => t.Status).HasMaxLength(StatusLength).HasDefaultValue(AccountStatus.Active);
            tenant.Property(t => t.Limits).IsLimits();
            tenant.Property(t => t.CaptureDays).HasDefaultValue(0);
            tenant.Property(t => t.Version).HasDefaultValue(1).IsConcurrencyToken();
        });
        modelBuilder.Entity<Project>(project =>
        {
            project.HasKey(p => new { p.TenantId, p.ProjectId });
            project.Property(p => p.ProjectId).HasMaxLength(IdLength);
            project.Property(p => p.Name).HasMaxLength(NameLength);
            project.Property(p => p.Status).HasMaxLength(StatusLength).HasDefaultValue(AccountStatus.Active);
            project.Property(p => p.CostCentre).HasMaxLength(IdLength).HasDefaultValue("");
            project.Property(p => p.Limits).IsLimits();
            project.Property(p => p.EndUserLimits).IsLimits();
            project.Property(p => p.Version).HasDefaultValue(1).IsConcurrencyToken();
            project.HasOne<Tenant>().WithMany().HasForeignKey(p => p.TenantId);
        });
        ConfigureKeys(modelBuilder);
        ConfigureEndUsers(modelBuilder);
        modelBuilder.Entity<AccountChange>(change =>
        {
            change.ToTable("account_changes");
            change.HasKey(c => c.Number);
            change.Property(c => c.Number).ValueGeneratedNever();
            change.Property(c => c.Thing).HasMaxLength(StatusLength);
            change.Property(c => c.TenantId).HasMaxLength(IdLength);
            change.Property(c => c.Subject).HasMaxLength(IdLength);
        });
    }

    private static void ConfigureKeys(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ClientKey>(key =>
        {
            key.HasKey(k => new { k.TenantId, k.PublicId });
            key.Property(k => k.PublicId).HasMaxLength(PublicIdLength);
            key.Property(k => k.Name).HasMaxLength(NameLength);
            key.Property(k => k.Status).HasMaxLength(StatusLength);
            key.Property(k => k.Scopes).HasDefaultValueSql(EveryScope + "::text[]");
            key.Property(k => k.Models).HasDefaultValueSql("'{}'::text[]");
            key.Property(k => k.Networks).HasDefaultValueSql("'{}'::text[]");
            key.Property(k => k.Imported).HasDefaultValue(false);
            key.Property(k => k.Limits).IsLimits();
            key.Property(k => k.Version).IsConcurrencyToken();
            key.Property(k => k.CreatedBy).HasMaxLength(IdLength).HasDefaultValue("");
            key.HasIndex(k => k.PublicId).IsUnique();
            key.HasIndex(k => k.SecretHash).IsUnique().HasFilter("imported").HasDatabaseName("ix_client_keys_imported_hash");
            key.HasIndex(k => k.ExpiresAt).HasFilter("expires_at IS NOT NULL AND status = 'active'");
            key.HasOne<Project>().WithMany().HasForeignKey(k => new { k.TenantId, k.ProjectId });
        });
        modelBuilder.Entity<KeyUse>(use =>
        {
            use.HasKey(u => new { u.TenantId, u.PublicId });
            use.Property(u => u.PublicId).HasMaxLength(PublicIdLength);
            use.HasOne<ClientKey>().WithOne().HasForeignKey<KeyUse>(u => new { u.TenantId, u.PublicId });
        });
    }

    private static void ConfigureEndUsers(ModelBuilder modelBuilder) => modelBuilder.Entity<EndUserLimit>(limit =>
    {
        limit.HasKey(l => new { l.TenantId, l.EndUser });
        limit.Property(l => l.EndUser).HasMaxLength(IdLength);
        limit.Property(l => l.Limits).IsLimits();
        limit.HasOne<Tenant>().WithMany().HasForeignKey(l => l.TenantId);
    });
}
