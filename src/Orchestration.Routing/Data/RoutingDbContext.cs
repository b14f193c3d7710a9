using Microsoft.EntityFrameworkCore;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Data;

internal sealed class RoutingDbContext(DbContextOptions<RoutingDbContext> options) : DbContext(options)
{
    public DbSet<ModelRow> Models => Set<ModelRow>();

    public DbSet<PriceRow> Prices => Set<PriceRow>();

    public DbSet<PolicyRow> Policies => Set<PolicyRow>();

    public DbSet<PolicyActivationRow> PolicyActivations => Set<PolicyActivationRow>();

    public DbSet<PolicyNodeRow> PolicyNodes => Set<PolicyNodeRow>();

    public DbSet<ExchangeRateRow> ExchangeRates => Set<ExchangeRateRow>();

    public DbSet<TenantTermsRow> TenantTerms => Set<TenantTermsRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ModelRow>(model =>
        {
            model.ToTable("models").HasKey(m => m.Sequence);
            model.HasIndex(m => new { m.Provider, m.ModelId, m.Version }).IsUnique();
            model.Property(m => m.Document).HasColumnType("jsonb");
        });
        modelBuilder.Entity<PriceRow>(price =>
        {
            price.ToTable("prices").HasKey(p => p.Sequence);
            price.HasIndex(p => new { p.Name, p.Version }).IsUnique();
            price.HasIndex(p => new { p.Provider, p.ModelId });
            price.Property(p => p.Tiers).HasColumnType("jsonb");
            price.Property(p => p.Source).HasDefaultValue(PriceRow.ShippedSource);
        });
        modelBuilder.Entity<ExchangeRateRow>(rate =>
        {
            rate.ToTable("exchange_rates").HasKey(r => r.Sequence);
            rate.HasIndex(r => new { r.FromCurrency, r.ToCurrency, r.AsOf });
        });
        modelBuilder.Entity<TenantTermsRow>(terms =>
        {
            terms.ToTable("tenant_terms").HasKey(t => t.Sequence);
            terms.HasIndex(t => new { t.Name, t.Version }).IsUnique();
            terms.HasIndex(t => t.TenantId);
            terms.Property(t => t.Document).HasColumnType("jsonb");
        });
        modelBuilder.Entity<PolicyRow>(policy =>
        {
            policy.ToTable("policies").HasKey(p => p.Version);
            policy.HasIndex(p => p.Hash).IsUnique();
            policy.HasIndex(p => p.Active).IsUnique().HasFilter("active");
            policy.Property(p => p.Label).HasDefaultValue("");
            policy.Property(p => p.Comment).HasDefaultValue("");
            policy.Property(p => p.Overlays).HasColumnType("jsonb").HasDefaultValue("{}");
        });
        modelBuilder.Entity<PolicyActivationRow>(activation => activation.ToTable("policy_activations").HasKey(a => a.Sequence));
        modelBuilder.Entity<PolicyNodeRow>(node => node.ToTable("policy_nodes").HasKey(n => n.Node));
    }
}
