namespace Orchestration.Metrics.Reconciliation.Data;

/// <summary>One row of <c>reconciliation_runs</c>.</summary>
internal sealed class StoredRun
{
    public Guid Id { get; init; }

    /// <summary>"nightly" or "asked".</summary>
    public string Trigger { get; init; } = "";
    public DateOnly FirstDay { get; init; }
    public DateOnly LastDay { get; init; }

    /// <summary>"running", "finished", "cancelled" or "failed".</summary>
    public string State { get; init; } = "running";
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int DaysDone { get; init; }
    public long Gaps { get; init; }
}

/// <summary>One row of <c>reconciliation_findings</c>.</summary>
internal sealed class StoredFinding
{
    public Guid RunId { get; init; }
    public int Number { get; init; }

    /// <summary>One of <see cref="Checks.GapKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Day of UTC; null for what belongs to no day.</summary>
    public DateOnly? Day { get; init; }
    public string TenantId { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Expected { get; init; } = "";
    public string Actual { get; init; } = "";
}

/// <summary>One row of <c>outbox_gaps</c>: numbers of an outbox that the ledger has not seen though it has later ones.</summary>
internal sealed class StoredOutboxGap
{
    public string Instance { get; init; } = "";
    public long FirstSequence { get; init; }
    public long LastSequence { get; init; }
    public DateTimeOffset NoticedAt { get; init; }
}

/// <summary>One row of <c>provider_invoices</c>.</summary>
internal sealed class StoredInvoice
{
    public Guid Id { get; init; }
    public string Provider { get; init; } = "";
    public string Currency { get; init; } = "";
    public string Reference { get; init; } = "";
    public decimal TolerancePercent { get; init; }
    public string Actor { get; init; } = "";
    public DateTimeOffset EnteredAt { get; init; }
    public DateOnly FirstDay { get; init; }
    public DateOnly LastDay { get; init; }
    public List<StoredInvoiceLine> Lines { get; init; } = [];
}

/// <summary>One row of <c>provider_invoice_lines</c>: what a provider charges for a model and a day.</summary>
internal sealed class StoredInvoiceLine
{
    public Guid InvoiceId { get; init; }
    public DateOnly Day { get; init; }
    public string Model { get; init; } = "";
    public decimal Amount { get; init; }
}
