using Microsoft.EntityFrameworkCore;

namespace Orchestration.Gateway.Data;

/// <summary>Operators, their sessions, and what they did, as tables.</summary>
internal static class OperatorModel
{
    private const int MethodLength = 128;
    private const int TargetLength = 256;

    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OperatorKey>(key =>
        {
            key.HasKey(k => k.PublicId);
            key.Property(k => k.PublicId).HasMaxLength(AccountModel.PublicIdLength);
            key.Property(k => k.Name).HasMaxLength(AccountModel.NameLength);
            key.Property(k => k.Status).HasMaxLength(AccountModel.StatusLength);
            key.Property(k => k.Role).HasMaxLength(AccountModel.StatusLength).HasDefaultValue("owner");
            key.Property(k => k.TenantId).HasMaxLength(AccountModel.IdLength).HasDefaultValue("");
            key.Property(k => k.Version).HasDefaultValue(1).IsConcurrencyToken();
            key.Property(k => k.CreatedBy).HasMaxLength(AccountModel.IdLength).HasDefaultValue("");
        });
        modelBuilder.Entity<OperatorSession>(session =>
        {
            session.HasKey(s => s.SessionId);
            session.Property(s => s.SessionId).ValueGeneratedNever();
            session.Property(s => s.OperatorId).HasMaxLength(AccountModel.PublicIdLength).HasDefaultValue("");
            session.HasIndex(s => s.SecretHash).IsUnique();
        });
        modelBuilder.Entity<AuditRecord>(record =>
        {
            record.ToTable("audit_log");
            record.HasKey(r => r.Number);
            record.Property(r => r.Number).ValueGeneratedOnAdd().HasDefaultValueSql("0");
            record.Property(r => r.At).HasDefaultValueSql("now()");
            record.Property(r => r.Actor).HasMaxLength(AccountModel.IdLength);
            record.Property(r => r.ActorName).HasMaxLength(AccountModel.NameLength);
            record.Property(r => r.Role).HasMaxLength(AccountModel.StatusLength);
            record.Property(r => r.Address).HasMaxLength(AccountModel.IdLength);
            record.Property(r => r.Method).HasMaxLength(MethodLength);
            record.Property(r => r.Outcome).HasMaxLength(AccountModel.StatusLength);
            record.Property(r => r.TenantId).HasMaxLength(AccountModel.IdLength);
            record.Property(r => r.Target).HasMaxLength(TargetLength);
            record.Property(r => r.RequestId).HasMaxLength(AccountModel.IdLength);
            record.Property(r => r.PreviousHash).HasDefaultValueSql("''::bytea");
            record.Property(r => r.Hash).HasDefaultValueSql("''::bytea");
            record.HasIndex(r => new { r.TenantId, r.Number });
        });
    }
}
