using Microsoft.EntityFrameworkCore;

namespace Orchestration.Indexing.Data;

/// <summary>Collections, documents and chunks. Tenant first in every key.</summary>
internal sealed class IndexingDbContext(DbContextOptions<IndexingDbContext> options) : DbContext(options)
{
    public DbSet<CollectionRow> Collections => Set<CollectionRow>();

    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    public DbSet<ChunkRow> Chunks => Set<ChunkRow>();

    public DbSet<IndexVersionRow> IndexVersions => Set<IndexVersionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("vector");

        modelBuilder.Entity<CollectionRow>(row =>
        {
            row.ToTable("collections");
            row.HasKey(c => new { c.TenantId, c.Name });
        });

        modelBuilder.Entity<DocumentRow>(row =>
        {
            row.ToTable("documents");
            row.HasKey(d => new { d.TenantId, d.Id });
            row.HasIndex(d => new { d.TenantId, d.Collection, d.ExternalId }).IsUnique();
            row.HasIndex(d => d.NextTryAt).HasFilter("state in (1, 2)");
            row.HasOne<CollectionRow>().WithMany().HasForeignKey(d => new { d.TenantId, d.Collection });
        });

        modelBuilder.Entity<ChunkRow>(row =>
        {
            row.ToTable("chunks");
            row.HasKey(c => new { c.TenantId, c.DocumentId, c.Ordinal });
            row.HasOne<DocumentRow>().WithMany().HasForeignKey(c => new { c.TenantId, c.DocumentId }).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<IndexVersionRow>(row =>
        {
            row.ToTable("index_versions");
            row.HasKey(v => new { v.TenantId, v.Id });
            row.Property(v => v.Id).UseIdentityAlwaysColumn();
            row.HasIndex(v => new { v.TenantId, v.Collection, v.State }).IsUnique().HasFilter("state in (1, 2)");
            row.HasOne<CollectionRow>().WithMany().HasForeignKey(v => new { v.TenantId, v.Collection }).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
