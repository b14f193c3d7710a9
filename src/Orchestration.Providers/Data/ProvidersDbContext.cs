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
            table.HasCheckConstraint("ck_credentials_wrapped_key", "octet_length(wrapped_key) = 60");
            table.HasCheckConstraint("ck_credentials_weight", "weight BETWEEN 1 AND 1000");
            table.HasCheckConstraint("ck_credentials_concurrency_limit", "concurrency_limit BETWEEN 0 AND 100000");
        });
        credential.HasKey(c => c.Id);
        credential.Property(c => c.Id).ValueGeneratedNever();
        credential.Property(c => c.Provider).HasMaxLength(64);
        credential.Property(c => c.Region).HasMaxLength(32);
        credential.Property(c => c.Status).HasConversion<string>().HasMaxLength(16);
        credential.Property(c => c.LastFour).HasMaxLength(4);
        credential.Property(c => c.Label).HasMaxLength(100);
        credential.Property(c => c.Reason).HasMaxLength(300);
        credential.Property(c => c.BalanceCurrency).HasMaxLength(3);
        // A trigger gives it, so that changes by hand count as well.
        credential.Property(c => c.Version).ValueGeneratedOnAddOrUpdate().IsConcurrencyToken();
        credential.Ignore(c => c.Identity);
        credential.Ignore(c => c.Sealed);
        credential.HasIndex(c => new { c.Provider, c.Region });
        credential.HasIndex(c => new { c.KeyVersion, c.Nonce }).IsUnique();
        credential.HasIndex(c => new { c.Provider, c.Region, c.Fingerprint }).IsUnique();
    });
}
