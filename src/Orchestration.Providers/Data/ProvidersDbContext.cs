using Microsoft.EntityFrameworkCore;

namespace Orchestration.Providers.Data;

/// <summary>The database of this service: credentials of vendors.</summary>
internal sealed class ProvidersDbContext(DbContextOptions<ProvidersDbContext> options) : DbContext(options)
{
    public DbSet<StoredCredential> Credentials => Set<StoredCredential>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<StoredCredential>(credential =>
    {
        credential.ToTable("credentials", table =>
        {
            table.HasCheckConstraint("ck_credentials_nonce", "octet_length(nonce) = 12");
            table.HasCheckConstraint("ck_credentials_ciphertext", "octet_length(ciphertext) > 16");
        });
        credential.HasKey(c => c.Id);
        credential.Property(c => c.Id).ValueGeneratedNever();
        credential.Property(c => c.Provider).HasMaxLength(64);
        credential.Property(c => c.Region).HasMaxLength(32);
        credential.Property(c => c.Status).HasConversion<string>().HasMaxLength(16);
        credential.HasIndex(c => new { c.Provider, c.Region });
        credential.HasIndex(c => new { c.KeyVersion, c.Nonce }).IsUnique();
    });
}
