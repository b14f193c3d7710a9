using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

internal sealed class GatewayDbContext(DbContextOptions<GatewayDbContext> options) : DbContext(options)
{
    private const int IdLength = 64;
    private const int NameLength = 256;
    private const int PublicIdLength = 12;

    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ClientKey> ClientKeys => Set<ClientKey>();

    public DbSet<OperatorKey> OperatorKeys => Set<OperatorKey>();

    public DbSet<OperatorSession> OperatorSessions => Set<OperatorSession>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tenant>(tenant =>
        {
            tenant.HasKey(t => t.TenantId);
            tenant.Property(t => t.TenantId).HasMaxLength(IdLength);
            tenant.Property(t => t.Name).HasMaxLength(NameLength);
            tenant.Property(t => t.Currency).HasMaxLength(3).IsFixedLength();
        });
        modelBuilder.Entity<Project>(project =>
        {
            project.HasKey(p => new { p.TenantId, p.ProjectId });
            project.Property(p => p.ProjectId).HasMaxLength(IdLength);
            project.Property(p => p.Name).HasMaxLength(NameLength);
            project.HasOne<Tenant>().WithMany().HasForeignKey(p => p.TenantId);
        });
        ConfigureKeys(modelBuilder);
        modelBuilder.Entity<OperatorSession>(session =>
        {
            session.HasKey(s => s.SessionId);
            session.Property(s => s.SessionId).ValueGeneratedNever();
            session.HasIndex(s => s.SecretHash).IsUnique();
        });
    }

    private static void ConfigureKeys(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ClientKey>(key =>
        {
            key.HasKey(k => new { k.TenantId, k.PublicId });
            key.Property(k => k.PublicId).HasMaxLength(PublicIdLength);
            key.Property(k => k.Name).HasMaxLength(NameLength);
            key.Property(k => k.Status).HasMaxLength(16);
            key.HasIndex(k => k.PublicId).IsUnique();
            key.HasOne<Project>().WithMany().HasForeignKey(k => new { k.TenantId, k.ProjectId });
        });
        modelBuilder.Entity<OperatorKey>(key =>
        {
            key.HasKey(k => k.PublicId);
            key.Property(k => k.PublicId).HasMaxLength(PublicIdLength);
            key.Property(k => k.Name).HasMaxLength(NameLength);
            key.Property(k => k.Status).HasMaxLength(16);
        });
    }
}
