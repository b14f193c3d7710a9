using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Indexing.V1;

namespace Orchestration.Indexing.Data;

/// <summary>Collections, documents and chunks. Tenant first in every key.</summary>
internal sealed class IndexingDbContext(DbContextOptions<IndexingDbContext> options) : DbContext(options)
{
    public DbSet<CollectionRow> Collections => Set<CollectionRow>();

    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    public DbSet<DocumentFileRow> DocumentFiles => Set<DocumentFileRow>();

    public DbSet<DeletedDocumentRow> DeletedDocuments => Set<DeletedDocumentRow>();

    public DbSet<ChunkRow> Chunks => Set<ChunkRow>();

    public DbSet<IndexVersionRow> IndexVersions => Set<IndexVersionRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("vector");

        modelBuilder.Entity<CollectionRow>(row =>
        {
            row.ToTable("collections");
            row.HasKey(c => new { c.TenantId, c.Name });
            row.Property(c => c.TrustTier).HasDefaultValue(TrustTier.Internal).HasSentinel(TrustTier.Unspecified);
        });

        modelBuilder.Entity<DocumentRow>(row =>
        {
            row.ToTable("documents");
            row.HasKey(d => new { d.TenantId, d.Id });
            row.HasIndex(d => new { d.TenantId, d.Collection, d.ExternalId }).IsUnique();
            // Processes of the release before write none of these.
            row.Property(d => d.FailureCode).HasDefaultValue("");
            row.Property(d => d.ExcusedTries).HasDefaultValue(0);
            row.Property(d => d.Priority).HasDefaultValue(DocumentPriority.Normal).HasSentinel(DocumentPriority.Unspecified);
            row.Property(d => d.FileName).HasDefaultValue("");
            row.Property(d => d.MediaType).HasDefaultValue("");
            row.Property(d => d.Size).HasDefaultValue(0);
            row.Property(d => d.Stage).HasDefaultValue(DocumentStage.Unspecified).HasSentinel(DocumentStage.Unspecified);
            row.Property(d => d.ChunksDone).HasDefaultValue(0);
            row.Property(d => d.ChunksTotal).HasDefaultValue(0);
            row.HasIndex(d => d.NextTryAt).HasFilter("state in (1, 2)");
            row.HasIndex(d => new { d.Priority, d.NextTryAt }).IsDescending(true, false).HasFilter("state in (1, 2)");
            row.HasOne<CollectionRow>().WithMany().HasForeignKey(d => new { d.TenantId, d.Collection });
        });

        modelBuilder.Entity<DocumentFileRow>(row =>
        {
            row.ToTable("document_files");
            row.HasKey(f => new { f.TenantId, f.DocumentId });
            row.HasOne<DocumentRow>().WithMany().HasForeignKey(f => new { f.TenantId, f.DocumentId }).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<DeletedDocumentRow>(row =>
        {
            row.ToTable("deleted_documents");
            row.HasKey(d => new { d.TenantId, d.Collection, d.ExternalId });
            row.HasIndex(d => d.DeletedAt);
        });

        modelBuilder.Entity<ChunkRow>(row =>
        {
            row.ToTable("chunks");
            row.HasKey(c => new { c.TenantId, c.DocumentId, c.Ordinal });
            row.Property(c => c.Headings).HasDefaultValue("");
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
