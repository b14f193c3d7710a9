using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Fences the writes of a worker whose lease may have run out: each taking counts one try more.</summary>
internal static class DocumentLease
{
    /// <summary>The document as long as nobody has taken it since, and its content is still the same.</summary>
    public static IQueryable<DocumentRow> HeldAs(this IQueryable<DocumentRow> documents, DocumentRow taken) =>
        documents.Where(d =>
            d.TenantId == taken.TenantId && d.Id == taken.Id && d.ContentHash == taken.ContentHash && d.Tries == taken.Tries);
}
