using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Querying;
using Orchestration.Metrics.Reconciliation.Data;
using Orchestration.Metrics.Reconciliation.Invoices;

namespace Orchestration.Metrics.Reconciliation;

internal static class ReconciliationMapping
{
    public static Contracts.Metrics.V1.Reconciliation ToWire(this StoredRun run) => new()
    {
        ReconciliationId = run.Id.ToString("D"),
        Trigger = run.Trigger,
        FirstDay = Text(run.FirstDay),
        LastDay = Text(run.LastDay),
        State = run.State,
        StartedAt = run.StartedAt.ToTimestamp(),
        EndedAt = run.EndedAt?.ToTimestamp(),
        DaysDone = run.DaysDone,
        Days = run.LastDay.DayNumber - run.FirstDay.DayNumber + 1,
        Gaps = run.Gaps,
    };

    public static ReconciliationFinding ToWire(this StoredFinding finding) => new()
    {
        Kind = finding.Kind,
        Day = Text(finding.Day),
        TenantId = finding.TenantId,
        Subject = finding.Subject,
        Expected = finding.Expected,
        Actual = finding.Actual,
    };

    public static ProviderInvoice ToWire(this StoredInvoice invoice) => new()
    {
        InvoiceId = invoice.Id.ToString("D"),
        Provider = invoice.Provider,
        Currency = invoice.Currency,
        Reference = invoice.Reference,
        TolerancePercent = invoice.TolerancePercent.ToString("0.###############", CultureInfo.InvariantCulture),
        Actor = invoice.Actor,
        EnteredAt = invoice.EnteredAt.ToTimestamp(),
        FirstDay = Text(invoice.FirstDay),
        LastDay = Text(invoice.LastDay),
    };

    public static InvoiceComparison ToWire(this StoredInvoice invoice, IReadOnlyList<InvoiceLine> lines)
    {
        var comparison = new InvoiceComparison { Invoice = invoice.ToWire(), Total = ToWire(InvoiceLine.TotalOf(lines), invoice) };
        comparison.Lines.AddRange(lines.Select(line => ToWire(line, invoice)));
        return comparison;
    }

    private static InvoiceDifference ToWire(InvoiceLine line, StoredInvoice invoice)
    {
        Money? Of(decimal amount) => RecordMapping.ToMoney(amount, invoice.Currency);
        return new InvoiceDifference
        {
            Day = Text(line.Day),
            Model = line.Model,
            Invoiced = Of(line.Invoiced),
            Recorded = Of(line.Recorded),
            Difference = Of(line.Difference),
            Unsure = Of(line.Unsure),
            Attempts = line.Attempts,
            WithinTolerance = line.IsWithin(invoice.TolerancePercent),
        };
    }

    private static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
