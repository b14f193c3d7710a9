using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class ReconciliationAdmin(ReconciliationService.ReconciliationServiceClient ledger, ForwardedCalls forward)
    : ReconciliationAdminService.ReconciliationAdminServiceBase
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(2);

    public override Task Reconcile(ReconcileRequest request, IServerStreamWriter<Reconciliation> responseStream, ServerCallContext context) =>
        forward.StreamAsync(ledger.Reconcile, request, responseStream, LongestRun, context);

    public override Task<ListReconciliationsResponse> ListReconciliations(ListReconciliationsRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.ListReconciliationsAsync, request, "", context);

    public override Task<Reconciliation> GetReconciliation(GetReconciliationRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.GetReconciliationAsync, request, "", context);

    public override Task<InvoiceComparison> EnterInvoice(EnterInvoiceRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.EnterInvoiceAsync, request, "", context);

    public override Task<ListInvoicesResponse> ListInvoices(ListInvoicesRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.ListInvoicesAsync, request, "", context);

    public override Task<InvoiceComparison> GetInvoice(GetInvoiceRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.GetInvoiceAsync, request, "", context);
}
