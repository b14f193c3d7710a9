using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Orchestration.Metrics.Reconciliation.Data;

internal sealed class StoredRunConfiguration : IEntityTypeConfiguration<StoredRun>
{
    public void Configure(EntityTypeBuilder<StoredRun> builder)
    {
        builder.ToTable("reconciliation_runs");
        builder.HasKey(run => run.Id);
        builder.Property(run => run.Id).ValueGeneratedNever();
    }
}

internal sealed class StoredFindingConfiguration : IEntityTypeConfiguration<StoredFinding>
{
    public void Configure(EntityTypeBuilder<StoredFinding> builder)
    {
        builder.ToTable("reconciliation_findings");
        builder.HasKey(finding => new { finding.RunId, finding.Number });
        builder.HasOne<StoredRun>().WithMany().HasForeignKey(finding => finding.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class StoredOutboxGapConfiguration : IEntityTypeConfiguration<StoredOutboxGap>
{
    public void Configure(EntityTypeBuilder<StoredOutboxGap> builder)
    {
        builder.ToTable("outbox_gaps");
        builder.HasKey(gap => new { gap.Instance, gap.FirstSequence, gap.LastSequence });
    }
}

internal sealed class StoredInvoiceConfiguration : IEntityTypeConfiguration<StoredInvoice>
{
    public void Configure(EntityTypeBuilder<StoredInvoice> builder)
    {
        builder.ToTable("provider_invoices");
        builder.HasKey(invoice => invoice.Id);
        builder.Property(invoice => invoice.Id).ValueGeneratedNever();
        builder.Property(invoice => invoice.TolerancePercent).HasPrecision(30, 15);
        builder.HasMany(invoice => invoice.Lines).WithOne().HasForeignKey(line => line.InvoiceId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class StoredInvoiceLineConfiguration : IEntityTypeConfiguration<StoredInvoiceLine>
{
    public void Configure(EntityTypeBuilder<StoredInvoiceLine> builder)
    {
        builder.ToTable("provider_invoice_lines");
        builder.HasKey(line => new { line.InvoiceId, line.Day, line.Model });
        builder.Property(line => line.Amount).HasPrecision(30, 15);
    }
}
