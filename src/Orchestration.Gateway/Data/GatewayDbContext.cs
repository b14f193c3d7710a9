using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

internal sealed class GatewayDbContext(DbContextOptions<GatewayDbContext> options) : DbContext(options)
{
    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<Project> Projects => Set<Project>();

    public DbSet<ClientKey> ClientKeys => Set<ClientKey>();

    public DbSet<KeyUse> KeyUses => Set<KeyUse>();

    public DbSet<EndUserLimit> EndUserLimits => Set<EndUserLimit>();

    public DbSet<OperatorKey> OperatorKeys => Set<OperatorKey>();

    public DbSet<OperatorSession> OperatorSessions => Set<OperatorSession>();

    public DbSet<AccountChange> AccountChanges => Set<AccountChange>();

    public DbSet<IdempotencyClaim> IdempotencyClaims => Set<IdempotencyClaim>();

    public DbSet<AuditRecord> AuditRecords => Set<AuditRecord>();

    public DbSet<SemanticEntry> SemanticEntries => Set<SemanticEntry>();

    public DbSet<SemanticSample> SemanticSamples => Set<SemanticSample>();

    public DbSet<CapturedRow> CapturedPayloads => Set<CapturedRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        AccountModel.Configure(modelBuilder);
        OperatorModel.Configure(modelBuilder);
        ReplayModel.Configure(modelBuilder);
        SemanticModel.Configure(modelBuilder);
        CaptureModel.Configure(modelBuilder);
    }
}
